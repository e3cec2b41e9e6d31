//! All languages there are, and which of them a reader gets.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::embedded::SOURCES;
use crate::{Direction, Words};

/// One `.ftl` file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// A BCP 47 tag.
    pub locale: &'a str,
    /// The file's name without its ending, for error messages.
    pub file: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// Why a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The locale is not a BCP 47 tag.
    #[error("{0} is not a language tag")]
    Locale(String),
    /// The file is not Fluent, or says a message twice.
    #[error("{locale}/{file}.ftl: {what}")]
    File {
        /// The file's locale.
        locale: String,
        /// The file's name.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// There is no English to fall back to.
    #[error("there is no English")]
    NoEnglish,
}

/// One language's words.
pub(crate) struct Language {
    pub(crate) tag: LanguageIdentifier,
    pub(crate) name: String,
    pub(crate) direction: Direction,
    pub(crate) bundle: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
}

/// Every language there is. Made once, shared by all requests.
pub struct Catalog {
    languages: Vec<Language>,
    english: usize,
}

impl Catalog {
    /// The languages compiled in.
    ///
    /// # Errors
    /// When an embedded file is not Fluent. A test holds all of them to that.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::of(SOURCES)
    }

    /// The languages compiled in, and `more`: for a house's own translations.
    ///
    /// # Errors
    /// When a file is not Fluent, says a message twice, or a locale is no language tag.
    pub fn embedded_and(more: &[Source<'_>]) -> Result<Self, LoadError> {
        let all: Vec<_> = SOURCES.iter().chain(more).copied().collect();
        Self::of(&all)
    }

    fn of(sources: &[Source<'_>]) -> Result<Self, LoadError> {
        let mut languages: Vec<Language> = Vec::new();
        for source in sources {
            let tag: LanguageIdentifier =
                source.locale.parse().map_err(|_| LoadError::Locale(source.locale.to_owned()))?;
            let index = languages.iter().position(|l| l.tag == tag).unwrap_or_else(|| {
                languages.push(Language::new(tag));
                languages.len() - 1
            });
            languages[index].add(source)?;
        }
        let english = languages.iter().position(|l| l.name == "en").ok_or(LoadError::NoEnglish)?;
        Ok(Self { languages, english })
    }

    /// The words for a reader who asks for `wanted`: one tag, or a list as browsers send it (`de-AT, de;q=0.9`). The best
    /// of what there is, English when there is nothing.
    #[must_use]
    pub fn negotiate(&self, wanted: &str) -> Words<'_> {
        let found = preferences(wanted).iter().find_map(|tag| self.best(tag));
        let english = &self.languages[self.english];
        Words { language: found.unwrap_or(english), english }
    }

    /// The tags of all languages.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|l| l.name.as_str())
    }

    /// The keys that `locale` itself says, sorted.
    pub fn keys(&self, locale: &str) -> impl Iterator<Item = &str> {
        self.languages.iter().filter(move |l| l.name == locale).flat_map(|l| l.keys.iter().map(String::as_str))
    }

    /// The language that is nearest to a tag: the same one, else one that differs only in region, else none. A script
    /// that the reader did not ask for is not nearer than English.
    fn best(&self, wanted: &LanguageIdentifier) -> Option<&Language> {
        let same = |l: &&Language| l.tag == *wanted;
        let kin = |l: &&Language| {
            l.tag.language == wanted.language
                && (l.tag.script == wanted.script || l.tag.script.is_none() || wanted.script.is_none())
        };
        let bare = |l: &&Language| kin(l) && l.tag.region.is_none();
        self.languages
            .iter()
            .find(same)
            .or_else(|| self.languages.iter().find(bare))
            .or_else(|| self.languages.iter().find(kin))
    }
}

/// The tags of a list, the most wanted first. What is no tag, or wanted with `q=0`, is left out.
fn preferences(list: &str) -> Vec<LanguageIdentifier> {
    let mut wanted: Vec<(f32, LanguageIdentifier)> = list
        .split(',')
        .take(20)
        .filter_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next()?.parse().ok()?;
            let quality = pieces.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            (quality > 0.0).then_some((quality, tag))
        })
        .collect();
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

impl Language {
    fn new(tag: LanguageIdentifier) -> Self {
        let direction = match tag.character_direction() {
            CharacterDirection::RTL => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag.clone()]);
        // Isolation marks keep a Latin name from tearing a right-to-left sentence. Elsewhere they would be invisible
        // characters in every comparison and copy, and names in markup stand in <bdi> anyway.
        bundle.set_use_isolating(direction == Direction::RightToLeft);
        Self { name: tag.to_string(), tag, direction, bundle, keys: BTreeSet::new() }
    }

    fn add(&mut self, source: &Source<'_>) -> Result<(), LoadError> {
        let wrong =
            |what: String| LoadError::File { locale: source.locale.to_owned(), file: source.file.to_owned(), what };
        let resource = FluentResource::try_new(source.text.to_owned())
            .map_err(|(_, errors)| wrong(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        self.keys.extend(message_names(&resource));
        self.bundle.add_resource(resource).map_err(|errors| wrong(format!("{errors:?}")))
    }
}

fn message_names(resource: &FluentResource) -> Vec<String> {
    resource
        .entries()
        .filter_map(|entry| match entry {
            fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let source = |locale| Source { locale, file: "test", text: "t-a = a\n" };
        Catalog::embedded_and(&["de", "pt-BR", "zh-Hans", "zh-Hant"].map(source)).unwrap()
    }

    #[test]
    fn every_embedded_file_is_fluent() {
        assert!(Catalog::embedded().unwrap().locales().any(|l| l == "en"));
    }

    #[test]
    fn a_reader_gets_the_nearest_language_and_english_when_there_is_none() {
        let catalog = catalog();
        for (wanted, given) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("zh-Hant-TW", "zh-Hant"),
            ("fr, de;q=0.5", "de"),
            ("de;q=0.1, pt-BR;q=0.9", "pt-BR"),
            ("de;q=0, fr", "en"),
            ("sr-Cyrl", "en"),
            ("", "en"),
            ("*", "en"),
            ("de\u{0}", "en"),
            ("de;q=x", "en"),
        ] {
            assert_eq!(catalog.negotiate(wanted).lang(), given, "{wanted}");
        }
    }

    #[test]
    fn a_file_that_is_not_fluent_or_says_a_message_twice_is_refused() {
        for text in ["= x", "t-a = a\nt-a = b\n"] {
            let source = Source { locale: "en", file: "test", text };
            assert!(matches!(Catalog::embedded_and(&[source]), Err(LoadError::File { .. })), "{text}");
        }
        let nowhere = Source { locale: "not a tag", file: "test", text: "" };
        assert!(matches!(Catalog::embedded_and(&[nowhere]), Err(LoadError::Locale(_))));
    }

    #[test]
    fn the_keys_of_a_locale_are_its_own() {
        assert_eq!(catalog().keys("de").collect::<Vec<_>>(), ["t-a"]);
        assert_eq!(catalog().keys("fr").count(), 0);
    }
}
