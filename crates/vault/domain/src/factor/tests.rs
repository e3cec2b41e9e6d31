//! Second factors: what each rule says, and random lives in which agents, guessers and a taken-over desk do what they like.

use proptest::prelude::*;

use super::*;
use crate::{Confirmation, Session};

const NOW: Timestamp = Timestamp(1_795_348_800_000);

fn later(seconds: u32) -> Timestamp {
    NOW.plus_seconds(seconds)
}

fn app(step: u64) -> NewFactor {
    NewFactor::Code { secret: SealedCodeSecret { version: 1, sealed: vec![1; 49] }, step }
}

fn key(id: u8, counter: u32) -> NewFactor {
    NewFactor::Passkey {
        id: vec![id; 16],
        public_key: vec![2; 77],
        counter,
        backup_eligible: false,
        name: format!("Key {id}"),
    }
}

fn with(factors: impl IntoIterator<Item = NewFactor>) -> Factors {
    let mut all = Factors::default();
    for factor in factors {
        all.add(factor, true, NOW).unwrap();
    }
    all
}

fn code(factors: &mut Factors, step: u64, now: Timestamp) -> Result<Proved, Refusal> {
    let since = factors.code.as_ref().map_or(now, |code| code.since);
    factors.prove(&Proof::Code { since, step }, None, now)
}

#[test]
fn a_step_is_believed_once_and_an_older_one_never() {
    let mut factors = with([app(10)]);
    assert_eq!(code(&mut factors, 10, NOW), Ok(Proved::Wrong(Refusal::WrongCode { left: 4 })));
    assert_eq!(code(&mut factors, 11, NOW), Ok(Proved::Right { since: NOW }));
    for used in [11, 10, 0] {
        assert!(matches!(code(&mut factors, used, NOW), Ok(Proved::Wrong(_))), "{used}");
    }
    assert_eq!(code(&mut factors, 13, NOW), Ok(Proved::Right { since: NOW }));
    assert!(matches!(code(&mut factors, 12, NOW), Ok(Proved::Wrong(_))));
}

#[test]
fn five_wrong_codes_lock_everything_for_half_an_hour() {
    let mut factors = with([app(10), key(1, 1)]);
    for left in [4, 3, 2, 1] {
        assert_eq!(factors.tries.left(NOW), left + 1);
        let wrong = factors.prove(&Proof::WrongCode, None, NOW);
        assert_eq!(wrong, Ok(Proved::Wrong(Refusal::WrongCode { left })));
    }
    let locked = Refusal::FactorLocked { until: later(1_800) };
    assert_eq!(factors.prove(&Proof::WrongCode, None, NOW), Ok(Proved::Wrong(locked)));
    assert_eq!(factors.tries.left(NOW), 0);
    let before = factors.clone();
    assert_eq!(code(&mut factors, 11, later(1_799)), Err(locked));
    assert_eq!(factors.prove(&Proof::Passkey { id: vec![1; 16], counter: 2 }, None, later(1_799)), Err(locked));
    assert_eq!(factors.add(key(2, 0), true, later(1_799)), Err(locked));
    assert_eq!(factors, before);
    assert_eq!(factors.tries.left(later(1_800)), 5);
    // Over: a wrong one is the first again, a right one clears all.
    let wrong = factors.prove(&Proof::WrongCode, None, later(1_800));
    assert_eq!(wrong, Ok(Proved::Wrong(Refusal::WrongCode { left: 4 })));
    assert_eq!(code(&mut factors, 11, later(1_800)), Ok(Proved::Right { since: NOW }));
    assert_eq!(factors.tries, Tries::default());
}

#[test]
fn the_first_factor_is_free_and_another_one_is_not() {
    let mut factors = Factors::default();
    factors.add(key(1, 0), false, NOW).unwrap();
    for factor in [key(2, 0), app(1)] {
        assert_eq!(factors.clone().add(factor.clone(), false, NOW), Err(Refusal::Confirm));
        factors.add(factor, true, later(1)).unwrap();
    }
    assert_eq!(factors.add(key(1, 0), true, NOW), Err(Refusal::NotValid));
    // A new code app takes the old one's place, and its age.
    factors.add(app(7), true, later(9)).unwrap();
    assert_eq!(factors.code.as_ref().map(|code| (code.since, code.last_step)), Some((later(9), 7)));
}

/// A code that was looked at before the reset, or before a new app took the old one's place, is no code of the new one.
#[test]
fn a_code_of_the_former_app_confirms_nothing() {
    let mut factors = with([app(10)]);
    factors.add(app(10), true, later(1)).unwrap();
    assert_eq!(factors.prove(&Proof::Code { since: NOW, step: 11 }, None, later(1)), Err(Refusal::NoFactor));
    assert_eq!(code(&mut factors, 11, later(1)), Ok(Proved::Right { since: later(1) }));
}

#[test]
fn what_cannot_be_kept_is_named() {
    let mut factors = with((0..10).map(|id| key(id, 0)));
    assert_eq!(factors.add(key(99, 0), true, NOW), Err(Refusal::Invalid("passkeys")));
    factors.passkeys.clear();
    for name in ["", "  ", "a\u{7}b", &"x".repeat(61)] {
        let NewFactor::Passkey { id, public_key, counter, backup_eligible, .. } = key(1, 0) else { unreachable!() };
        let named = NewFactor::Passkey { id, public_key, counter, backup_eligible, name: name.into() };
        assert_eq!(factors.add(named, true, NOW), Err(Refusal::Invalid("name")), "{name:?}");
    }
}

#[test]
fn a_factor_that_is_newer_than_the_form_confirms_nothing_for_it_and_costs_no_try() {
    let mut factors = with([app(10)]);
    factors.add(key(1, 0), true, later(60)).unwrap();
    let sent_at = later(30);
    assert_eq!(factors.usable(sent_at), Usable { code: true, passkeys: false });
    assert_eq!(factors.usable(later(60)), Usable { code: true, passkeys: true });
    assert_eq!(factors.usable(Timestamp(NOW.0 - 1)), Usable::default());
    let before = factors.clone();
    let signed = Proof::Passkey { id: vec![1; 16], counter: 0 };
    assert_eq!(factors.prove(&signed, Some(sent_at), later(90)), Err(Refusal::FactorTooNew));
    let older = Some(Timestamp(NOW.0 - 1));
    assert_eq!(factors.prove(&Proof::WrongCode, older, later(90)), Err(Refusal::FactorTooNew));
    assert_eq!(factors.prove(&Proof::Code { since: NOW, step: 11 }, older, later(90)), Err(Refusal::FactorTooNew));
    assert_eq!(factors, before);
    assert_eq!(factors.prove(&signed, None, later(90)), Ok(Proved::Right { since: later(60) }));
}

#[test]
fn a_passkey_that_counts_must_count_on() {
    let mut factors = with([key(1, 5), key(2, 0)]);
    let signed = |id: u8, counter| Proof::Passkey { id: vec![id; 16], counter };
    for (id, counter, good) in [
        (1, 6, true),
        (1, 6, false),
        (1, 0, false),
        (1, 7, true),
        (2, 0, true),
        (2, 0, true),
        (2, 1, true),
        (2, 0, false),
    ] {
        let proved = factors.prove(&signed(id, counter), None, NOW);
        assert_eq!(proved.is_ok(), good, "{id} {counter}");
    }
    assert_eq!(factors.prove(&signed(3, 1), None, NOW), Err(Refusal::NoFactor));
    assert_eq!(factors.prove(&Proof::WrongCode, None, NOW), Err(Refusal::NoFactor));
    assert_eq!(factors.tries, Tries::default());
}

fn session() -> Session {
    Session {
        id: aside_base::SessionId::from_uuid(uuid::Uuid::nil()),
        site: "northwind".parse().unwrap(),
        agent: None,
        agent_name: "Dana".into(),
        enrol_key: None,
        viewer: None,
        started_at: NOW,
        ended_at: None,
        locked_at: None,
        confirmed: None,
        rights: aside_wire::AgentRights {
            secure_forms: true,
            card_numbers: true,
            ..aside_wire::AgentRights::default()
        },
    }
}

#[test]
fn a_confirmation_lasts_five_minutes_and_ends_with_a_lock() {
    let mut session = session();
    assert_eq!(session.check_confirmed(NOW, NOW), Err(Refusal::Confirm));
    session.confirmed = Some(Confirmation { at: NOW, since: NOW });
    assert_eq!(session.check_confirmed(NOW, later(299)), Ok(()));
    assert_eq!(session.check_confirmed(NOW, later(300)), Err(Refusal::Confirm));
    assert_eq!(session.check_confirmed(Timestamp(NOW.0 - 1), NOW), Err(Refusal::FactorTooNew));
    assert!(session.lock(later(1)) && !session.lock(later(2)));
    assert_eq!(session.check_viewing(crate::Lease::Alive), Err(Refusal::Locked));
    assert!(session.unlock() && !session.unlock());
    assert_eq!(session.check_viewing(crate::Lease::Alive), Ok(()));
    assert_eq!(session.check_confirmed(NOW, later(2)), Err(Refusal::Confirm));
    session.end(later(3));
    assert!(!session.lock(later(4)), "an ended session has nothing to lock");
}

/// One thing somebody does: Dana, who has the app; a guesser at her screen; a desk that somebody has taken over.
#[derive(Debug, Clone)]
enum Step {
    AddApp,
    AddKey,
    Code { ahead: u64 },
    Guess,
    Reset,
    Wait { seconds: u32 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::AddApp),
        1 => Just(Step::AddKey),
        5 => (0_u64..3).prop_map(|ahead| Step::Code { ahead }),
        4 => Just(Step::Guess),
        1 => Just(Step::Reset),
        3 => (0_u32..2_000).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// The wrong codes in a row, as an honest observer counts them.
#[derive(Default)]
struct Row(Vec<Timestamp>);

impl Row {
    /// A code was looked at: never a sixth within half an hour of the fifth wrong one.
    fn looked(&mut self, now: Timestamp) {
        if let Some(fifth) = self.0.get(4) {
            assert!(now >= fifth.plus_seconds(LOCKED_SECONDS), "a code was looked at while locked");
            self.0.clear();
        }
    }

    fn wrong(&mut self, now: Timestamp) {
        self.looked(now);
        self.0.push(now);
    }

    fn right(&mut self, now: Timestamp) {
        self.looked(now);
        self.0.clear();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_life_breaks_a_promise(steps in proptest::collection::vec(step(), 1..80)) {
        let (mut factors, mut now, mut clock, mut id) = (Factors::default(), NOW, 1_u64, 0_u8);
        let (mut session, mut used, mut row) = (session(), Vec::new(), Row::default());
        for step in steps {
            let before = factors.clone();
            let refused = match step {
                Step::Wait { seconds } => {
                    now = now.plus_seconds(seconds);
                    None
                }
                Step::Reset => {
                    factors = Factors::default();
                    session.confirmed = None;
                    row = Row::default();
                    None
                }
                Step::AddApp | Step::AddKey => {
                    id = id.wrapping_add(1);
                    let confirmed = session.confirmation(now).is_some();
                    let is_app = matches!(step, Step::AddApp);
                    let added = factors.add(if is_app { app(clock) } else { key(id, 0) }, confirmed, now);
                    prop_assert!(added.is_err() || before.is_empty() || confirmed, "another factor without the first");
                    if added.is_ok() && is_app {
                        used = vec![clock];
                    }
                    added.err()
                }
                Step::Code { ahead } => {
                    let step = clock + ahead;
                    match code(&mut factors, step, now) {
                        Ok(Proved::Right { since }) => {
                            prop_assert!(used.iter().all(|old| *old < step), "a step worked twice, or an old one");
                            used.push(step);
                            clock = step;
                            row.right(now);
                            session.confirmed = Some(Confirmation { at: now, since });
                            None
                        }
                        Ok(Proved::Wrong(_)) => {
                            prop_assert!(used.iter().any(|old| *old >= step), "a fresh step was not believed");
                            row.wrong(now);
                            None
                        }
                        Err(refusal) => Some(refusal),
                    }
                }
                Step::Guess => match factors.prove(&Proof::WrongCode, None, now) {
                    Ok(Proved::Wrong(_)) => {
                        row.wrong(now);
                        None
                    }
                    Ok(Proved::Right { .. }) => panic!("a wrong code was believed"),
                    Err(refusal) => Some(refusal),
                },
            };
            if refused.is_some() {
                prop_assert_eq!(&factors, &before, "a refusal changed something");
            }
        }
    }
}
