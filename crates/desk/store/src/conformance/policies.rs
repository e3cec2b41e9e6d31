//! Policies and the minimum: loosening one stops secure forms, in the transaction that loosens it (A10).

use aside_desk_domain::{
    BeginRefusal, EntryKind, Errand, Idle, MinimumPart, Policy, PolicyRefusal, Role, SecondFactor, SessionStage, Status,
};
use aside_wire::CancelReason;
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::VerbError;

fn loose() -> Policy {
    Policy { idle: Idle { on: false, ..Idle::default() }, ..Policy::default() }
}

/// Without a yes nothing changes; with it every open invitation is cancelled and nothing is sent until it is met again.
pub async fn a_policy_below_the_minimum_stops_secure_forms(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let sent = scene.sends(&dana, &session, conversation).await;
    let under_way = scene.begins(&dana, &session, conversation).await;

    let refused = scene.store.set_policy(&scene.site, loose(), false, scene.by(None)).await;
    let Err(VerbError::Refused(PolicyRefusal::Confirm { parts, open_invitations })) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((parts, open_invitations), (vec![MinimumPart::Idle], 1));
    assert_eq!(scene.store.security(&scene.site).await.unwrap().unwrap().policy, Policy::default());

    let aftermath = scene.sets_policy(loose()).await;
    assert_eq!(aftermath.forms_on, Some(false));
    let told: Vec<_> = aftermath.entries.iter().map(|entry| &entry.kind).collect();
    assert!(
        matches!(told[..], [EntryKind::Status { invitation, status: Status::Cancelled, reason: Some(CancelReason::Stopped), .. }] if *invitation == sent.id()),
        "{told:?}"
    );
    let security = scene.store.security(&scene.site).await.unwrap().unwrap();
    assert_eq!((security.forms_stopped_since, security.open_invitations), (Some(scene.now()), 0));
    assert!(scene.confirms(under_way.id).await.is_err());
    let begun = scene.store.begin_invitation(scene.draft(&dana, &session, conversation)).await;
    assert!(matches!(begun, Err(VerbError::Refused(BeginRefusal::FormsStopped))), "{begun:?}");
    assert!(!scene.store.session_by_token(token, scene.now()).await.unwrap().unwrap().forms_on);
    assert!(scene.owed().await.contains(&Errand::SwitchForms(false)));

    assert_eq!(scene.sets_policy(Policy::default()).await.forms_on, Some(true));
    scene.sends(&dana, &session, conversation).await;
    assert_eq!(
        scene.placed(sent.id()).await.unwrap().invitation.status,
        Status::Cancelled,
        "what was stopped stays so"
    );
}

/// Racers stop once: one entry for each invitation, one errand.
pub async fn secure_forms_stop_once_whoever_races(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.sends(&dana, &session, conversation).await;
    let racers = (0..16).map(|_| scene.sets_policy(loose()));
    let entries: usize = join_all(racers).await.iter().map(|aftermath| aftermath.entries.len()).sum();
    assert_eq!(entries, 1);
    assert_eq!(scene.owed().await, vec![Errand::SwitchForms(false)]);
}

/// What is out of its range changes nothing, and each part that changed is in the log.
pub async fn a_policy_out_of_range_is_refused_and_a_change_is_audited(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let wrong = Policy { session_hours: 25, ..Policy::default() };
    let refused = scene.store.set_policy(&scene.site, wrong, true, scene.by(None)).await;
    assert!(matches!(refused, Err(VerbError::Refused(PolicyRefusal::Range(_)))), "{refused:?}");
    let nowhere = "nowhere".parse().unwrap();
    let refused = scene.store.set_policy(&nowhere, Policy::default(), true, scene.by(None)).await;
    assert!(matches!(refused, Err(VerbError::Refused(PolicyRefusal::NotFound))), "{refused:?}");
    scene.sets_policy(Policy { session_hours: 8, audit_days: 500, ..Policy::default() }).await;
    let lines = scene.store.audit_lines(0, 100).await.unwrap();
    let parts = lines.iter().filter(|line| line.action == "change_policy").filter_map(|line| line.reason.as_deref());
    assert_eq!(parts.collect::<Vec<_>>(), ["session_hours", "audit_days"]);
}

/// Shorter sessions are shorter at once, and a factor that is newly asked for is asked of open sessions too.
pub async fn a_stricter_policy_holds_for_open_sessions(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, lead) = (scene.agent("dana").await, scene.somebody("lead", Role::Manager).await);
    let (_, with_factor) = scene.login(&dana).await;
    let (live, without) = scene.begins_login(&lead).await;
    assert_eq!(live.session.stage, SessionStage::Ready);
    let everyone = Policy { second_factor: SecondFactor::Everyone, session_hours: 1, ..Policy::default() };
    let aftermath = scene.sets_policy(everyone).await;
    assert_eq!(aftermath.rights, vec![lead.id]);
    let live = scene.store.session_by_token(with_factor, scene.now()).await.unwrap().unwrap();
    assert_eq!(live.session.stage, SessionStage::Ready);
    assert_eq!(live.session.ends_at, scene.now().plus_seconds(3_600));
    let live = scene.store.session_by_token(without, scene.now()).await.unwrap().unwrap();
    assert_eq!(live.session.stage, SessionStage::SetUpFactor);
    assert!(scene.owed().await.contains(&Errand::LockSession(live.session.id)));
}
