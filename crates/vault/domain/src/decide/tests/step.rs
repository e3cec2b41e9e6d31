//! What somebody may do, at random.

use aside_form::Kind;
use proptest::prelude::*;

use crate::Wanted;

/// One thing somebody does. Small numbers choose among the keys, devices and sessions there are, right and wrong ones.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Mint,
    Reissue,
    Open { key: usize, device: u8 },
    Load { device: u8 },
    Submit { key: usize, device: u8 },
    Decline { key: usize, device: u8 },
    Cancel,
    Grant { session: usize, lapsed: bool },
    View { key: usize, session: usize, viewer: usize, lapsed: bool },
    End { session: usize },
    CloseConversation,
    Transfer,
    Leave { key: usize, device: u8 },
    OpenAnother { device: u8 },
    GrantHistory { session: usize, lapsed: bool },
    ViewHistory { key: usize, session: usize, viewer: usize, lapsed: bool },
    Ask { key: usize },
    Stop,
    Lock { session: usize },
    Unlock { session: usize },
    Rights { secure_forms: bool, card_numbers: bool },
    Confirm { session: usize, new_factor: bool },
    Reveal { session: usize, viewer: usize, lapsed: bool, wanted: Wanted },
    Copy { session: usize, viewer: usize, wanted: Wanted },
    Wait { seconds: u32 },
    Sweep,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let kind = prop::sample::select(vec![Kind::Text, Kind::CardNumber, Kind::Cvv]);
    (kind, any::<bool>(), any::<bool>()).prop_map(|(kind, sensitive, off_the_record)| Wanted {
        kind,
        sensitive: sensitive || kind != Kind::Text,
        off_the_record: off_the_record || kind == Kind::Cvv,
    })
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let (key, device, session) = (0_usize..64, 0_u8..3, 0_usize..2);
    prop_oneof![
        3 => Just(Step::Mint),
        1 => Just(Step::Reissue),
        4 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Open { key, device }),
        3 => device.clone().prop_map(|device| Step::Load { device }),
        5 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Submit { key, device }),
        1 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Decline { key, device }),
        1 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Leave { key, device }),
        1 => device.prop_map(|device| Step::OpenAnother { device }),
        1 => Just(Step::Cancel),
        4 => (session.clone(), prop::bool::weighted(0.1)).prop_map(|(session, lapsed)| Step::Grant { session, lapsed }),
        6 => (key.clone(), session.clone(), session.clone(), prop::bool::weighted(0.1))
            .prop_map(|(key, session, viewer, lapsed)| Step::View { key, session, viewer, lapsed }),
        1 => session.clone().prop_map(|session| Step::End { session }),
        1 => session.clone().prop_map(|session| Step::Lock { session }),
        2 => session.clone().prop_map(|session| Step::Unlock { session }),
        1 => (any::<bool>(), any::<bool>())
            .prop_map(|(secure_forms, card_numbers)| Step::Rights { secure_forms, card_numbers }),
        4 => (session.clone(), prop::bool::weighted(0.2))
            .prop_map(|(session, new_factor)| Step::Confirm { session, new_factor }),
        6 => (session.clone(), session.clone(), prop::bool::weighted(0.1), wanted())
            .prop_map(|(session, viewer, lapsed, wanted)| Step::Reveal { session, viewer, lapsed, wanted }),
        2 => (session.clone(), session.clone(), wanted())
            .prop_map(|(session, viewer, wanted)| Step::Copy { session, viewer, wanted }),
        2 => (session.clone(), prop::bool::weighted(0.1))
            .prop_map(|(session, lapsed)| Step::GrantHistory { session, lapsed }),
        3 => (key.clone(), session.clone(), session, prop::bool::weighted(0.1))
            .prop_map(|(key, session, viewer, lapsed)| Step::ViewHistory { key, session, viewer, lapsed }),
        1 => Just(Step::Transfer),
        1 => Just(Step::Stop),
        1 => Just(Step::CloseConversation),
        1 => key.prop_map(|key| Step::Ask { key }),
        2 => prop_oneof![4 => 0_u32..40, 1 => 299_u32..302].prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Sweep),
    ]
}
