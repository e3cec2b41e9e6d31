//! How long an answer is kept (V5): the least of what site, form and question say. Answers that are kept equally long are a
//! *part* of their submission, with a data key of its own: whoever erases the key erases the part and nothing else.

use std::collections::BTreeMap;

use aside_base::{SubmissionId, Timestamp};
use aside_form::{Definition, Question};
use aside_wire::Keeping;
use uuid::Uuid;

const DAY_MILLIS: i64 = 86_400_000;

/// How many days the answer to `question` is kept; 0 for until the conversation closes.
#[must_use]
pub fn kept_days(site: Keeping, definition: &Definition, question: &Question) -> u16 {
    // A definition or profile of before the limit existed is held to it too.
    let set = [Some(site.days), definition.keep_days, question.keep_days];
    set.into_iter().flatten().fold(Keeping::LONGEST, u16::min)
}

/// When what was submitted `at` and is kept so many days is erased at the latest. What is kept until the conversation closes
/// is erased after thirteen months if nobody ever closes it.
#[must_use]
pub const fn erased_at_latest(at: Timestamp, days: u16) -> Timestamp {
    let days = if days == 0 || days > Keeping::LONGEST { Keeping::LONGEST } else { days };
    Timestamp(at.0.saturating_add(days as i64 * DAY_MILLIS))
}

/// The smallest name that a submission of so many days ago or younger can have: whatever sorts before it is older. Names are
/// UUIDv7, made at the moment of submission.
#[must_use]
pub fn earliest_kept(now: Timestamp, days: u16) -> SubmissionId {
    let millis = u64::try_from(now.0.saturating_sub(i64::from(days) * DAY_MILLIS)).unwrap_or(0);
    SubmissionId::from_uuid(Uuid::from_u128(u128::from(millis & 0xffff_ffff_ffff) << 80))
}

/// The parts of one submission, numbered as its answers need them.
#[derive(Debug, Default)]
pub struct Parts(BTreeMap<u16, u8>);

impl Parts {
    /// The part of answers that are kept so many days, and whether it is needed for the first time.
    pub fn of(&mut self, days: u16) -> (u8, bool) {
        // Cannot exceed a byte: a form has at most twenty questions.
        let next = u8::try_from(self.0.len() + 1).unwrap_or(u8::MAX);
        let part = *self.0.entry(days).or_insert(next);
        (part, part == next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_of_site_form_and_question_counts() {
        let mut definition = aside_form::out_of_the_box().unwrap()[0].definition().clone();
        let days =
            |definition: &Definition, site| kept_days(Keeping { days: site }, definition, &definition.questions[0]);
        assert_eq!(days(&definition, 395), 395);
        assert_eq!(days(&definition, 0), 0);
        assert_eq!(days(&definition, u16::MAX), 395, "nothing lengthens it");
        definition.keep_days = Some(30);
        assert_eq!((days(&definition, 395), days(&definition, 7)), (30, 7));
        definition.questions[0].keep_days = Some(0);
        assert_eq!(days(&definition, 395), 0);
        definition.questions[0].keep_days = Some(60);
        assert_eq!(days(&definition, 395), 30, "a question does not outlast its form");
    }

    #[test]
    fn what_is_kept_until_the_close_ends_after_thirteen_months_at_the_latest() {
        assert_eq!(erased_at_latest(Timestamp(5), 1), Timestamp(86_400_005));
        assert_eq!(erased_at_latest(Timestamp(5), 0), erased_at_latest(Timestamp(5), 395));
        assert_eq!(erased_at_latest(Timestamp(5), u16::MAX), erased_at_latest(Timestamp(5), 395));
    }

    #[test]
    fn a_submission_sorts_before_the_earliest_that_is_kept_once_its_days_are_over() {
        let rng = aside_base::SeededRng::new(1);
        let submitted_at = Timestamp(1_795_348_800_000);
        let week = Timestamp(submitted_at.0 + 7 * DAY_MILLIS);
        for _ in 0..100 {
            let submission = SubmissionId::generate(submitted_at, &rng);
            assert!(submission >= earliest_kept(week, 7));
            assert!(submission < earliest_kept(Timestamp(week.0 + 1), 7));
        }
    }

    #[test]
    fn answers_that_are_kept_equally_long_are_one_part() {
        let mut parts = Parts::default();
        let numbered = [395, 7, 395, 0, 7].map(|days| parts.of(days));
        assert_eq!(numbered, [(1, true), (2, true), (1, false), (3, true), (2, false)]);
    }
}
