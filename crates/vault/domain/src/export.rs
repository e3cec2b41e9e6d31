//! Taking along what is stored of a visitor (V8): who may, and what must confirm it.

use aside_base::Timestamp;

use crate::view::NOTICE_SECONDS;
use crate::{Lease, NoRight, Refusal, Session};

/// An export stays open in its browser for so long, in seconds.
pub const EXPORT_SECONDS: u32 = 600;
/// The most forms in one export.
pub const EXPORTED_FORMS: usize = 2_000;

impl Session {
    /// Checks that its agent may take along what is stored.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when it has ended, its lease has lapsed or its agent may not; [`Refusal::Locked`] while it is locked.
    pub fn check_export(&self, lease: Lease) -> Result<(), Refusal> {
        self.check_alive(lease)?;
        if !self.rights.export {
            return Err(Refusal::NoRight(NoRight::Export));
        }
        if self.locked_at.is_some() { Err(Refusal::Locked) } else { Ok(()) }
    }
}

/// When a factor must have been set up at the latest to confirm an export at `now` of forms of which the first was sent then:
/// before that, or 72 hours ago.
#[must_use]
pub fn latest_factor_of_export(first_sent: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let notice = Timestamp(now.0 - NOTICE_SECONDS * 1_000);
    first_sent.map_or(notice, |sent_at| sent_at.max(notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_that_was_set_up_after_the_first_form_gives_three_days_notice() {
        let now = Timestamp(1_795_348_800_000);
        let hours = |hours: i64| Timestamp(now.0 - hours * 3_600_000);
        assert_eq!(latest_factor_of_export(None, now), hours(72));
        assert_eq!(latest_factor_of_export(Some(hours(100)), now), hours(72));
        assert_eq!(latest_factor_of_export(Some(hours(2)), now), hours(2));
    }
}
