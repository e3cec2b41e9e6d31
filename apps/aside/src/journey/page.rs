//! Reading the vault's pages as a browser reads them: the fields of a form, and what a script finds in attributes.

use super::JourneyError;

/// A form page: where it is sent, the `submit` OTK in it, and its fields.
#[derive(Clone)]
pub struct FormPage {
    /// The invitation.
    pub invitation: String,
    /// The `submit` OTK.
    pub key: String,
    /// The names of the fields that a person fills in, in order.
    pub fields: Vec<String>,
    /// The page itself.
    pub html: String,
}

impl FormPage {
    /// Reads the page of `invitation`.
    ///
    /// # Errors
    /// When there is no key or no field in it.
    pub fn read(invitation: &str, html: String) -> Result<Self, JourneyError> {
        let step = "read the form page";
        let key = hidden_key(&html).ok_or_else(|| JourneyError::lacking(step, "a one-time key"))?;
        let mut fields = Vec::new();
        for name in ["input", "textarea", "select"]
            .iter()
            .flat_map(|tag| tags(&html, tag))
            .filter_map(|tag| attribute(tag, "name"))
        {
            if name.starts_with("q-") && !fields.contains(&name) {
                fields.push(name);
            }
        }
        if fields.is_empty() {
            return Err(JourneyError::lacking(step, "fields"));
        }
        Ok(Self { invitation: invitation.to_owned(), key, fields, html })
    }
}

/// The value of the page's hidden input `otk`.
#[must_use]
pub fn hidden_key(html: &str) -> Option<String> {
    tags(html, "input")
        .find(|tag| attribute(tag, "name").as_deref() == Some("otk"))
        .and_then(|tag| attribute(tag, "value"))
}

/// The insides of each `<name …>` of a page.
pub(super) fn tags<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{name}");
    html.match_indices(open.as_str()).map(|(at, _)| at).collect::<Vec<_>>().into_iter().filter_map(move |at| {
        let rest = &html[at + open.len()..];
        rest.starts_with(char::is_whitespace).then(|| rest.split_once('>').map_or(rest, |(inside, _)| inside))
    })
}

/// The value of an attribute inside a tag, with or without quotes.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let found = &rest[..end];
        rest = &rest[end..];
        let value;
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        } else {
            value = "";
        }
        if found.eq_ignore_ascii_case(name) {
            return Some(unescaped(value));
        }
    }
}

/// Text with the entities that askama writes turned back.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_whatever_the_order_of_its_attributes() {
        let html = r#"<form method=post><input type="hidden" value='k"1' name=otk><inputs name="q-no">
            <input name="q-number" inputmode=numeric required><textarea required name=q-note></textarea>
            <input type=radio name=q-pick value=1><input type=radio name=q-pick value=2></form>"#;
        let page = FormPage::read("i", html.to_owned()).unwrap();
        assert_eq!(page.key, r#"k"1"#);
        assert_eq!(page.fields, ["q-number", "q-pick", "q-note"]);
    }

    #[test]
    fn a_page_without_a_key_is_not_a_form() {
        assert!(FormPage::read("i", "<p>used</p>".to_owned()).is_err());
        assert_eq!(attribute(r#" value="O&#39;Neil &amp; co""#, "value").as_deref(), Some("O'Neil & co"));
        assert_eq!(attribute(" required name", "name").as_deref(), Some(""));
        assert_eq!(attribute("", "name"), None);
    }
}
