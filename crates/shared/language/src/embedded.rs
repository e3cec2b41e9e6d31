//! The files under `translations/` that the server-rendered faces use. A new language is a line for each file.

use crate::Source;

macro_rules! source {
    ($locale:literal, $file:literal) => {
        Source {
            locale: $locale,
            file: $file,
            text: include_str!(concat!("../../../../translations/", $locale, "/", $file, ".ftl")),
        }
    };
}

pub(crate) const SOURCES: &[Source<'static>] = &[source!("en", "form"), source!("en", "viewer")];
