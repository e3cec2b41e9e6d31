//! What a message may be filled in with.

use fluent_bundle::FluentValue;

/// A value that stands in a message.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// A text: a name, a reference. As a selector it picks the variant of that name.
    Text(&'a str),
    /// A whole number. As a selector it picks the variant by the language's plural rules.
    Number(u64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(u64::from(number))
    }
}

impl<'a> Value<'a> {
    /// The value as it stands in a plain text.
    pub(crate) fn plain(self) -> FluentValue<'a> {
        match self {
            Self::Text(text) => FluentValue::from(text),
            // Exact up to 2^53, far beyond any count or clock here.
            Self::Number(number) => FluentValue::from(number as f64),
        }
    }

    /// The value as it stands in markup: escaped, and kept from changing the direction of what surrounds it.
    pub(crate) fn markup(self) -> FluentValue<'static> {
        match self {
            Self::Text(text) => FluentValue::from(format!("<bdi>{}</bdi>", escape(text))),
            Self::Number(number) => FluentValue::from(number as f64),
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
