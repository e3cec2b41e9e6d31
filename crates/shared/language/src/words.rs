//! The words of one reader's language.

use fluent_bundle::FluentArgs;

use crate::Value;
use crate::catalog::Language;

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// As English.
    LeftToRight,
    /// As Arabic.
    RightToLeft,
}

/// The words of one reader's language, English where it lacks one.
#[derive(Clone, Copy)]
pub struct Words<'c> {
    pub(crate) language: &'c Language,
    pub(crate) english: &'c Language,
}

impl<'c> Words<'c> {
    /// The language's tag, for `lang`.
    #[must_use]
    pub fn lang(&self) -> &'c str {
        &self.language.name
    }

    /// The way the language is written.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.language.direction
    }

    /// The way the language is written, for `dir`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        match self.language.direction {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }

    /// A message that needs nothing filled in, as plain text.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.message(key, &FluentArgs::new())
    }

    /// A message as plain text. It must still be escaped where it is written into markup.
    #[must_use]
    pub fn tell(&self, key: &str, args: &[(&'static str, Value<'_>)]) -> String {
        self.message(key, &args.iter().map(|(name, value)| (*name, value.plain())).collect())
    }

    /// A message as HTML: its own emphasis is kept, everything filled in is escaped and set apart in `<bdi>`. Numbers
    /// are for counting, texts for showing: a text cannot pick a variant here.
    #[must_use]
    pub fn markup(&self, key: &str, args: &[(&'static str, Value<'_>)]) -> String {
        self.message(key, &args.iter().map(|(name, value)| (*name, value.markup())).collect())
    }

    /// A counting message in each of the language's plural forms, with `place` where the number goes: for scripts that
    /// count on their own. The message selects by `$count` and shows `$shown`. Forms that say the same as `other` are
    /// left out.
    #[must_use]
    pub fn forms(&self, key: &str, place: &str) -> Vec<(&'static str, String)> {
        let form = |category: &str| self.tell(key, &[("count", category.into()), ("shown", place.into())]);
        let other = form("other");
        let mut forms: Vec<_> = ["zero", "one", "two", "few", "many"]
            .into_iter()
            .map(|category| (category, form(category)))
            .filter(|(_, text)| *text != other)
            .collect();
        forms.push(("other", other));
        forms
    }

    fn message(&self, key: &str, args: &FluentArgs<'_>) -> String {
        [self.language, self.english]
            .iter()
            .find_map(|language| write(language, key, args))
            .unwrap_or_else(|| key.to_owned())
    }
}

/// The message in one language; nothing when it lacks it or something in it cannot be filled in.
fn write(language: &Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = language.bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = language.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Direction, Source};

    const ENGLISH: &str = "t-hello = Hello { $name }, <b>hi</b>\nt-only = Only here\n\
        t-left = { $count ->\n    [one] { $shown } minute left\n   *[other] { $shown } minutes left\n }\n";
    const POLISH: &str = "t-left = { $count ->\n    [one] { $shown } minuta\n    [few] { $shown } minuty\n   *[other] { $shown } minut\n }\n";
    const HEBREW: &str = "t-hello = שלום { $name }\n";

    fn catalog() -> Catalog {
        let source = |locale, text| Source { locale, file: "test", text };
        Catalog::embedded_and(&[source("en", ENGLISH), source("pl", POLISH), source("he", HEBREW)]).unwrap()
    }

    #[test]
    fn markup_keeps_its_own_emphasis_and_escapes_what_is_filled_in() {
        let catalog = catalog();
        let words = catalog.negotiate("en");
        let args = [("name", "<i>&\"'".into())];
        assert_eq!(words.markup("t-hello", &args), "Hello <bdi>&lt;i&gt;&amp;&quot;&#39;</bdi>, <b>hi</b>");
        assert_eq!(words.tell("t-hello", &args), "Hello <i>&\"', <b>hi</b>");
    }

    #[test]
    fn a_language_counts_by_its_own_rules() {
        let catalog = catalog();
        let words = catalog.negotiate("pl-PL");
        let left = |n: u64| words.tell("t-left", &[("count", n.into()), ("shown", n.into())]);
        assert_eq!([left(1), left(3), left(5)], ["1 minuta", "3 minuty", "5 minut"]);
    }

    #[test]
    fn a_script_gets_each_plural_form_once() {
        let catalog = catalog();
        let forms = catalog.negotiate("pl").forms("t-left", "#");
        assert_eq!(forms, [("one", "# minuta".into()), ("few", "# minuty".into()), ("other", "# minut".into())]);
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_and_what_nobody_says_is_its_key() {
        let catalog = catalog();
        assert_eq!(catalog.negotiate("pl").say("t-only"), "Only here");
        assert_eq!(catalog.negotiate("pl").say("t-nothing"), "t-nothing");
    }

    #[test]
    fn a_message_that_cannot_be_filled_in_is_not_half_said() {
        assert_eq!(catalog().negotiate("en").say("t-hello"), "t-hello");
    }

    #[test]
    fn only_right_to_left_texts_carry_isolation_marks() {
        let catalog = catalog();
        let hello = |tag| catalog.negotiate(tag).tell("t-hello", &[("name", "Dana".into())]);
        assert_eq!(hello("he"), "שלום \u{2068}Dana\u{2069}");
        assert!(!hello("en").contains('\u{2068}'));
        assert_eq!(catalog.negotiate("he").direction(), Direction::RightToLeft);
        assert_eq!(catalog.negotiate("he").dir(), "rtl");
    }
}
