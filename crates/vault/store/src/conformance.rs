//! What every back end must hold, as tests that run on the back end itself: races, lost replies, restarts, borders between
//! sites, rights that are lost for good. A back end calls [`crate::conformance!`] in its tests. Never part of a program.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

pub mod api_keys;
pub mod borders;
pub mod clocks;
pub mod factors;
pub mod keeping;
pub mod key_ring;
pub mod life;
pub mod off_the_record;
pub mod races;
pub mod right_to_view;
pub mod rights;
pub mod switches;
pub mod takeover;
mod world;

use std::sync::Arc;

use async_trait::async_trait;

use crate::Store;

pub use world::World;

/// Where a back end's test keeps its data. Opening it twice finds the same data.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the store.
    async fn open(&self) -> Arc<dyn Store>;
}

/// Makes one test of each case. `$place` is an expression that makes a fresh [`Place`].
#[macro_export]
macro_rules! conformance {
    ($place:expr) => {
        $crate::conformance!(@cases $place;
            races::one_of_64_devices_opens_a_link,
            races::one_of_64_submissions_is_kept,
            races::one_of_64_uses_of_a_view_key_shows_the_answers,
            races::one_of_64_browsers_becomes_the_viewer,
            races::a_submission_and_a_cancellation_never_both_happen,
            life::every_step_is_kept_across_a_restart,
            life::a_repeated_invite_finds_the_first_and_mints_nothing,
            life::a_stale_tab_is_told_and_the_fresh_one_submits,
            life::a_repeated_submit_is_known_and_another_is_refused,
            life::declining_is_final_and_its_repeat_is_harmless,
            life::asking_is_news_once_until_the_link_is_issued_anew,
            life::a_reissued_link_voids_the_old_one_and_its_device,
            life::an_off_the_record_answer_leaves_a_marker_and_no_value,
            life::definitions_and_site_keys_never_change,
            life::events_come_in_order_and_wake_who_waits,
            borders::a_key_works_for_its_purpose_alone,
            borders::nothing_of_another_site_is_valid,
            borders::a_key_that_nobody_made_is_not_valid,
            borders::another_device_neither_loads_nor_submits,
            rights::no_view_in_another_browser_or_session,
            rights::an_ended_session_loses_every_right_for_good,
            rights::a_closed_conversation_loses_every_right_for_good,
            rights::a_session_that_ended_before_it_began_never_begins,
            rights::a_viewer_is_enrolled_once_and_never_replaced,
            rights::a_lapsed_lease_shows_nothing,
            rights::a_view_that_is_done_reveals_nothing_more,
            rights::what_desks_are_refused_is_audited_and_strangers_are_not,
            factors::nothing_is_sent_without_a_factor,
            factors::a_reveal_needs_a_confirmation_of_the_last_five_minutes,
            factors::five_wrong_codes_lock_the_agent_everywhere,
            factors::another_factor_needs_the_first,
            factors::a_newer_factor_opens_nothing_that_was_sent_before,
            factors::a_passkey_is_of_one_agent_and_counts_on,
            factors::what_was_set_up_and_used_is_kept_across_a_restart,
            factors::every_confirmation_and_its_refusal_is_audited,
            right_to_view::a_revoked_right_is_lost_at_once_and_for_good,
            right_to_view::a_form_that_opens_once_is_closed_by_leaving_and_by_coming_back,
            right_to_view::another_form_on_the_device_closes_the_one_before,
            right_to_view::of_forms_opened_at_once_on_a_device_one_stays_open,
            right_to_view::history_needs_its_own_right_a_closed_conversation_and_a_reason,
            right_to_view::a_view_key_opens_no_history_and_a_history_key_no_view,
            right_to_view::people_who_read_the_past_close_no_view_but_their_own_former,
            right_to_view::a_copy_is_audited_and_needs_its_own_right,
            right_to_view::nothing_is_shown_after_a_revocation,
            off_the_record::whatever_ends_them_is_told_once_and_nothing_after_it,
            off_the_record::the_end_of_a_right_tells_it_in_the_same_breath,
            off_the_record::what_may_be_looked_at_again_is_not_gone,
            off_the_record::a_restart_is_told_of_what_was_in_memory_then,
            off_the_record::of_many_ends_at_once_one_is_told,
            off_the_record::only_the_browser_that_shows_them_wipes_them,
            switches::a_locked_session_shows_nothing_until_it_is_unlocked,
            switches::a_lock_that_came_before_the_start_is_remembered,
            switches::an_agent_without_secure_forms_loses_what_was_sent,
            switches::an_agent_without_card_numbers_sees_the_rest,
            switches::a_late_start_does_not_bring_rights_back,
            switches::stopped_forms_are_cancelled_and_none_is_sent,
            takeover::a_reset_opens_nothing_that_was_sent_before,
            takeover::a_session_that_the_desk_starts_itself_opens_nothing,
            takeover::a_confirmation_counts_in_its_own_session_alone,
            takeover::another_browser_neither_confirms_nor_adds,
            takeover::another_site_reaches_nobodys_factors,
            races::one_of_64_uses_of_a_step_confirms,
            races::one_of_64_signatures_of_one_counter_confirms,
            races::sixty_four_guesses_at_once_are_five_tries,
            races::one_of_64_first_factors_is_free,
            races::a_confirmation_and_a_reset_leave_nothing_confirmed,
            races::nothing_is_revealed_after_a_lock,
            key_ring::of_two_rotations_at_once_one_makes_the_next_version,
            key_ring::everything_is_moved_and_counted_also_across_a_restart,
            key_ring::what_changed_since_it_was_read_is_not_moved,
            key_ring::a_version_that_something_depends_on_is_not_retired,
            key_ring::a_site_key_moves_to_another_provider_once,
            keeping::what_is_over_is_erased_and_its_token_stays,
            keeping::a_batch_erases_no_more_than_its_limit,
            keeping::a_shortened_time_holds_for_what_is_stored,
            keeping::card_numbers_kept_for_more_than_a_week_are_reported,
            keeping::what_is_kept_until_the_close_goes_with_it,
            keeping::a_conversation_is_erased_on_request_with_its_open_view,
            keeping::erasing_before_anything_was_sent_holds,
            keeping::another_site_erases_nothing,
            keeping::a_purge_and_a_reveal_leave_nothing_half_erased,
            keeping::an_export_needs_the_right_the_browser_and_a_confirmation,
            keeping::only_the_newest_export_key_opens,
            api_keys::a_token_opens_for_its_own_site_and_kind_alone,
            api_keys::a_key_that_does_not_fit_opens_nothing,
            api_keys::what_was_erased_by_a_key_is_erased_for_all,
            clocks::each_clock_ends_the_invitation_and_says_which,
            clocks::a_late_click_has_its_whole_open_limit,
            clocks::clocks_outside_a_day_are_refused,
            clocks::only_acknowledged_events_are_purged_and_the_head_stays,
        );
    };
    (@cases $place:expr; $($module:ident :: $case:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            $crate::conformance::$module::$case(&$place).await;
        }
    )*};
}
