use aside_base::SeededRng;
use proptest::prelude::*;

use super::*;

const START: Timestamp = Timestamp(1_000);

fn dana() -> Agent {
    Agent {
        id: AgentId::generate(START, &SeededRng::new(1)),
        site: "northwind".parse().unwrap(),
        name: "dana".parse().unwrap(),
        display_name: "Dana".parse().unwrap(),
    }
}

fn session() -> Session {
    Session::begun(SessionId::generate(START, &SeededRng::new(2)), &dana(), None, START)
}

#[test]
fn a_session_lives_until_its_end_and_not_a_millisecond_longer() {
    let session = session();
    assert!(session.is_live(START));
    assert!(session.is_live(Timestamp(session.ends_at.0 - 1)));
    assert!(!session.is_live(session.ends_at));
    assert!(!Session { ended_at: Some(START), ..session }.is_live(START));
}

#[test]
fn fifteen_minutes_without_input_lock_and_fifteen_more_end() {
    let idle = Idle::default();
    let open = session();
    let locks = START.plus_seconds(900);
    assert_eq!(open.idle_step(&idle, Timestamp(locks.0 - 1)), None);
    assert_eq!(open.idle_step(&idle, locks), Some(IdleStep::Lock));
    let locked = Session { locked_at: Some(locks), ..session() };
    let ends = locks.plus_seconds(900);
    assert_eq!(locked.idle_step(&idle, Timestamp(ends.0 - 1)), None);
    assert_eq!(locked.idle_step(&idle, ends), Some(IdleStep::End(EndReason::Idle)));

    let at_once = Idle { sign_out_after_minutes: 0, ..idle };
    assert_eq!(open.idle_step(&at_once, locks), Some(IdleStep::End(EndReason::Idle)));
    let never = Idle { on: false, ..idle };
    assert_eq!((open.idle_step(&never, ends), locked.idle_step(&never, ends)), (None, None));
    assert_eq!(open.idle_step(&never, open.ends_at), Some(IdleStep::End(EndReason::TooOld)));
}

#[test]
fn a_login_that_is_not_finished_ends_by_itself() {
    let never = Idle { on: false, ..Idle::default() };
    for stage in [SessionStage::SecondFactor, SessionStage::NewPassword, SessionStage::SetUpFactor] {
        let unfinished = Session { stage, ..session() };
        assert_eq!(unfinished.idle_step(&never, START.plus_seconds(899)), None);
        assert_eq!(unfinished.idle_step(&never, START.plus_seconds(900)), Some(IdleStep::End(EndReason::Idle)));
    }
}

#[test]
fn a_first_password_and_an_old_one_that_stands_alone_must_be_changed() {
    let (policy, day) = (Policy::default(), |days: u32| START.plus_seconds(days * 86_400));
    assert!(password_is_due(&policy, true, true, START, START));
    assert!(!password_is_due(&policy, false, false, START, day(89)));
    assert!(password_is_due(&policy, false, false, START, day(90)));
    assert!(!password_is_due(&policy, false, true, START, day(900)));
    let nist = Policy { password: crate::PasswordRules::nist(), ..policy };
    assert!(!password_is_due(&nist, false, false, START, day(900)));
}

proptest! {
    #[test]
    fn a_login_is_ready_only_when_all_it_needs_was_given(has_factor: bool, new_password: bool, wants_factor: bool) {
        let needs = Needs { has_factor, new_password, wants_factor };
        let mut stage = needs.first();
        let mut gone = vec![];
        while stage != SessionStage::Ready {
            prop_assert!(gone.last().is_none_or(|last| *last < stage), "only forward");
            gone.push(stage);
            stage = match stage {
                SessionStage::SecondFactor => needs.after_factor(),
                SessionStage::NewPassword => needs.after_password(),
                SessionStage::SetUpFactor | SessionStage::Ready => SessionStage::Ready,
            };
        }
        prop_assert_eq!(gone.contains(&SessionStage::SecondFactor), has_factor);
        prop_assert_eq!(gone.contains(&SessionStage::NewPassword), new_password);
        prop_assert_eq!(gone.contains(&SessionStage::SetUpFactor), wants_factor && !has_factor);
    }

    #[test]
    fn only_a_ready_unlocked_live_session_may_do_what_its_profile_gives(
        stage in proptest::sample::select(SessionStage::ALL.to_vec()),
        locked: bool, idle: bool, ended: bool,
        chosen in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=10),
        asked in proptest::sample::select(Permission::ALL.to_vec()),
    ) {
        let now = START.plus_seconds(60);
        let session = Session {
            stage,
            locked_at: locked.then_some(START),
            ended_at: ended.then_some(START),
            ..session()
        };
        let live = LiveSession {
            session,
            agent: dana(),
            role: Role::Admin,
            permissions: chosen.iter().copied().collect(),
            locks_at: idle.then_some(now),
            forms_on: true,
        };
        let usable = stage == SessionStage::Ready && !locked && !idle && !ended;
        prop_assert_eq!(live.may(asked, now), usable && chosen.contains(&asked));
    }

    #[test]
    fn with_the_lock_on_no_session_is_open_without_input_for_longer_than_the_policy_says(
        lock_after_minutes in 1_u32..=15, sign_out_after_minutes in 0_u32..=60, silent in 0_u32..10_000,
    ) {
        let idle = Idle { on: true, lock_after_minutes, sign_out_after_minutes };
        let step = session().idle_step(&idle, START.plus_seconds(silent));
        prop_assert_eq!(step.is_some(), silent >= lock_after_minutes * 60);
    }
}
