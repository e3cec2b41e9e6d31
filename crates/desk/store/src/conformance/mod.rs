//! The questions that every back end must answer alike: races, repeats, refusals, crash points. For tests only.
//!
//! A back end names [`conformance!`](crate::conformance!) once, with a function that makes a [`Backend`].

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "questions are asked by tests, and a test may panic")]

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod durability;
pub mod factors;
pub mod history;
pub mod keeping;
pub mod keys;
pub mod lists;
pub mod locks;
pub mod passwords;
pub mod people;
pub mod policies;
pub mod posts;
pub mod privacy;
mod scene;
pub mod sending;
pub mod sessions;
pub mod statuses;
pub mod transfers;

use std::sync::Arc;

pub use scene::Scene;

use crate::Store;

/// A database of its own for one test.
pub trait Backend: Send + Sync {
    /// The store on it.
    fn store(&self) -> Arc<dyn Store>;

    /// Ends the program that held it and starts another on the same data.
    fn reopen(&mut self);
}

/// Makes a test of each question, each on a fresh [`Backend`] from `$open`.
#[macro_export]
macro_rules! conformance {
    ($open:path) => {
        $crate::conformance!($open; accounts:
            a_site_and_an_agent_are_created_once,
            a_login_name_without_its_site_must_be_unique);
        $crate::conformance!($open; sessions:
            a_session_is_found_by_its_token_until_it_ends,
            a_session_ends_once_whoever_races,
            a_session_of_another_site_cannot_be_ended,
            sessions_end_after_twelve_hours);
        $crate::conformance!($open; attempts:
            sixty_four_guesses_at_once_are_six,
            an_unknown_name_is_treated_as_a_known_one,
            a_known_device_has_a_counter_of_its_own,
            a_sign_in_empties_the_counter,
            a_captcha_is_good_once,
            a_network_that_guesses_pays_with_captchas,
            old_counters_are_forgotten_and_locks_are_not,
            an_account_knows_ten_devices_for_ninety_days);
        $crate::conformance!($open; locks:
            a_console_without_input_locks_and_then_ends,
            with_nothing_between_a_console_ends_instead_of_locking,
            an_unlock_needs_a_proof_and_gives_another_token,
            an_unfinished_login_has_no_rights_and_ends);
        $crate::conformance!($open; factors:
            one_code_opens_one_of_sixty_four_logins,
            one_recovery_code_opens_one_of_sixty_four_logins,
            sixty_four_guessed_codes_are_five,
            a_passkey_that_counts_backwards_opens_nothing,
            the_last_factor_stays_where_one_is_needed,
            a_reset_takes_all_factors_and_sessions,
            ten_passkeys_are_enough,
            new_recovery_codes_void_the_former);
        $crate::conformance!($open; passwords:
            a_change_ends_the_other_sessions_and_is_remembered,
            a_first_password_is_changed_at_once,
            a_sign_in_that_was_overtaken_opens_nothing,
            a_link_works_once,
            an_invited_person_becomes_active_by_the_link);
        $crate::conformance!($open; people:
            a_profile_without_secure_forms_holds_at_once,
            a_deactivated_person_is_out_at_once,
            the_last_who_manages_people_stays_whoever_races,
            a_profile_keeps_to_its_rules,
            who_newly_needs_a_factor_sets_one_up_first,
            an_account_that_nobody_uses_is_disabled,
            people_of_another_site_are_out_of_reach,
            a_person_is_shown_with_what_they_have,
            every_change_of_people_leaves_its_row);
        $crate::conformance!($open; policies:
            a_policy_below_the_minimum_stops_secure_forms,
            secure_forms_stop_once_whoever_races,
            a_policy_out_of_range_is_refused_and_a_change_is_audited,
            a_stricter_policy_holds_for_open_sessions);
        $crate::conformance!($open; keys:
            a_key_opens_until_it_ends_or_is_revoked,
            a_key_is_within_what_its_maker_may_do);
        $crate::conformance!($open; posts:
            sixty_four_racers_with_one_message_make_one_entry,
            a_visitor_writes_into_its_open_conversation_and_into_a_new_one_after_the_close,
            a_repeat_after_the_close_finds_the_old_message,
            an_id_of_somebody_elses_message_is_refused,
            two_agents_who_act_at_once_leave_one_owner,
            nothing_is_written_into_a_closed_conversation,
            nothing_is_written_across_sites,
            a_conversation_closes_once_whoever_races);
        $crate::conformance!($open; lists:
            the_list_begins_with_who_waits_longest_and_ends_with_the_closed,
            unread_is_counted_for_each_agent,
            a_feed_misses_nothing_and_a_page_says_whether_there_is_more,
            another_site_sees_nothing);
        $crate::conformance!($open; sending:
            an_invitation_is_seen_when_the_vault_has_taken_it,
            sixty_four_confirmations_make_one_entry,
            a_repeat_finds_what_stands,
            an_id_of_another_invitation_is_refused,
            a_session_that_ends_while_inviting_shows_nothing,
            a_conversation_that_closes_while_inviting_shows_nothing,
            an_unconfirmed_invitation_is_found_and_given_up_for_good,
            a_dead_session_sends_nothing,
            an_answer_of_the_vault_after_giving_up_is_cancelled_there);
        $crate::conformance!($open; statuses:
            the_first_page_asks_for_a_resynchronisation,
            a_page_applied_twice_changes_nothing,
            eight_racers_with_one_page_apply_it_once,
            a_status_never_goes_backwards,
            unknown_and_foreign_invitations_move_only_the_cursor,
            another_stream_changes_nothing,
            a_resynchronisation_tells_what_was_missed,
            what_ended_before_it_was_shown_is_never_shown,
            a_new_form_is_asked_for_once_until_it_is_reissued,
            a_form_that_is_issued_anew_begins_again_at_sent,
            a_resynchronisation_tells_that_a_form_was_issued_anew,
            only_its_visitor_receives_an_invitation);
        $crate::conformance!($open; transfers:
            a_right_is_lost_by_a_transfer_and_comes_back_by_nothing,
            nobody_takes_a_conversation_who_cannot,
            transfers_that_race_leave_one_owner);
        $crate::conformance!($open; history:
            what_is_over_is_found_by_what_people_know,
            what_the_vault_tells_of_answers_stands_on_the_form);
        $crate::conformance!($open; keeping:
            a_change_of_what_is_kept_is_told_and_audited);
        $crate::conformance!($open; privacy:
            a_visitor_is_found_by_what_people_know,
            an_erased_visitor_leaves_no_text_no_name_and_no_way_back,
            one_conversation_is_erased_alone,
            nothing_is_erased_that_was_not_named,
            another_vault_is_told_everything_anew);
        $crate::conformance!($open; audit:
            every_act_leaves_its_row,
            refusals_are_entries_with_a_count,
            an_errand_waits_longer_each_time_and_leaves_when_done);
        $crate::conformance!($open; durability:
            a_restart_keeps_everything);
    };
    ($open:path; $module:ident: $($question:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $question() {
            let mut backend = $open();
            $crate::conformance::$module::$question(&mut backend).await;
        }
    )+};
}
