//! Spans of time in words, rounded so that nobody is promised more than there is.

use aside_language::Words;

/// A span in its natural unit: hours from two on, minutes from two on, else seconds. Rounded down.
pub(crate) fn span(words: Words<'_>, seconds: u64) -> String {
    let (key, count) = match seconds {
        7_200.. => ("form-hours", seconds / 3_600),
        120..7_200 => ("form-minutes", seconds / 60),
        _ => ("form-seconds", seconds),
    };
    words.tell(key, &[("count", count.into()), ("shown", count.into())])
}

/// How much is left, in the same words that the page's script goes on with: minutes and hours rounded up, as people read
/// a countdown, the last minute in seconds.
pub(crate) fn left(words: Words<'_>, seconds: u64) -> String {
    let (key, count) = match seconds {
        7_200.. => ("form-hours-left", seconds / 3_600),
        61..7_200 => ("form-minutes-left", seconds.div_ceil(60)),
        _ => ("form-seconds-left", seconds),
    };
    words.tell(key, &[("count", count.into()), ("shown", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aside_language::Catalog;

    #[test]
    fn a_span_is_said_in_its_natural_unit() {
        let catalog = Catalog::embedded().unwrap();
        let say = |seconds| span(catalog.negotiate("en"), seconds);
        assert_eq!([say(1), say(90), say(300), say(1_800)], ["1 second", "90 seconds", "5 minutes", "30 minutes"]);
        assert_eq!(
            [say(3_600), say(7_199), say(86_399), say(86_400)],
            ["60 minutes", "119 minutes", "23 hours", "24 hours"]
        );
    }

    #[test]
    fn what_is_left_counts_down_without_a_jump() {
        let catalog = Catalog::embedded().unwrap();
        let say = |seconds| left(catalog.negotiate("en"), seconds);
        assert_eq!([say(1_680), say(120), say(61)], ["28 minutes left", "2 minutes left", "2 minutes left"]);
        assert_eq!([say(60), say(1), say(0)], ["60 seconds left", "1 second left", "0 seconds left"]);
        assert_eq!(say(86_400), "24 hours left");
    }
}
