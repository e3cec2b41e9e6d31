//! The audit log, the counted refusals, and the outbox.

use std::net::IpAddr;

use aside_desk_domain::{
    Action, Actor, AuditRow, By, EndReason, Outcome, RefusalCount, RefusalKind, RefusalMinute, Target, backoff,
};

use super::{Backend, Scene};

/// Who, what, when, from where, on what, with what result.
pub async fn every_act_leaves_its_row(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let from: IpAddr = "203.0.113.7".parse().unwrap();
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let invitation = scene.sends(&dana, &session, conversation).await.id();
    let actor = Actor::Agent(dana.id, session.id);
    let row = AuditRow {
        at: scene.now(),
        site: Some(scene.site.clone()),
        actor,
        from: Some(from),
        action: Action::ViewAnswers,
        target: Target::Invitation(invitation),
        outcome: Outcome::Refused("other_agent"),
        detail: None,
    };
    store.record(row).await.unwrap();
    let unshown = scene.begins(&dana, &session, conversation).await.id;
    store.give_up_invitation(&scene.site, unshown, "vault_refused", scene.now()).await.unwrap();
    store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    store
        .end_session(&scene.site, session.id, EndReason::Logout, By { who: actor, from: Some(from), at: scene.now() })
        .await
        .unwrap();

    let lines = store.audit_lines(0, 100).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.action.as_str(), line.actor.0.as_str(), line.outcome.as_str(), line.reason.as_deref()))
        .collect();
    assert_eq!(
        told,
        vec![
            ("create_site", "operator", "done", None),
            ("create_agent", "operator", "done", None),
            ("login", "agent", "done", None),
            ("add_factor", "agent", "done", Some("totp")),
            ("send_invitation", "agent", "done", None),
            ("view_answers", "agent", "refused", Some("other_agent")),
            ("give_up_invitation", "desk", "done", Some("vault_refused")),
            ("close_conversation", "agent", "done", None),
            ("end_session", "agent", "done", Some("logout")),
        ]
    );
    let view = &lines[5];
    assert_eq!(view.site.as_deref(), Some("northwind"));
    assert_eq!(view.actor.1, Some(dana.id.to_string()));
    assert_eq!(view.session, Some(session.id.to_string()));
    assert_eq!(view.from.as_deref(), Some("203.0.113.7"));
    assert_eq!(view.target, ("invitation".to_owned(), Some(invitation.to_string())));
    assert_eq!(view.at, scene.now());
    assert_eq!(store.audit_lines(lines[6].number, 1).await.unwrap(), lines[7..8]);
}

/// A flood costs one entry a minute and neighbourhood: who counts hands each minute over once.
pub async fn refusals_are_entries_with_a_count(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let refusal = |address: &str, kind| RefusalMinute::of(kind, address.parse().unwrap(), scene.now());
    let dana = scene.agent("dana").await;
    let login = refusal("203.0.113.7", RefusalKind::Login);
    let session = refusal("203.0.113.7", RefusalKind::Session);
    let elsewhere = RefusalMinute { from: None, ..login };
    let counted = |row, count| RefusalCount { row, count };
    let all = vec![counted(session, 7), counted(login.aimed_at(dana.id), 2), counted(elsewhere, 3), counted(login, 0)];
    store.count_refusals(all).await.unwrap();
    store.count_refusals(vec![]).await.unwrap();

    let lines = store.refusal_lines(0, 100).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.kind.as_str(), line.from.as_deref(), line.account.is_some(), line.count))
        .collect();
    let network = Some("203.0.113.0/24");
    assert_eq!(told, vec![("session", network, false, 7), ("login", network, true, 2), ("login", None, false, 3)]);
    assert_eq!(lines[1].account, Some(dana.id.to_string()));
    assert_eq!(lines[0].at.0, login.minute * 60_000);
    assert_eq!(store.refusal_lines(lines[0].number, 1).await.unwrap(), lines[1..2]);
    let last = store.audit_lines(0, 1_000).await.unwrap().pop().unwrap();
    assert_eq!((last.actor.0.as_str(), last.outcome.as_str(), last.count), ("unknown", "refused", Some(3)));
}

/// What the vault is owed is repeated with growing pauses until it is done.
pub async fn an_errand_waits_longer_each_time_and_leaves_when_done(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    assert_eq!(store.next_errand_at().await.unwrap(), None);
    store.end_session(&scene.site, session.id, EndReason::Logout, scene.by(None)).await.unwrap();
    for attempt in 0..8 {
        let due = store.due_errands(scene.now(), 10).await.unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].attempts, &due[0].site), (attempt, &scene.site));
        store.errand_failed(due[0].id, scene.now()).await.unwrap();
        let next = scene.now().plus(backoff(attempt));
        assert_eq!(store.next_errand_at().await.unwrap(), Some(next));
        assert!(store.due_errands(scene.now(), 10).await.unwrap().is_empty());
        scene.wait(11);
    }
    let due = store.due_errands(scene.now(), 10).await.unwrap();
    store.errand_done(due[0].id, scene.now()).await.unwrap();
    store.errand_failed(due[0].id, scene.now()).await.unwrap();
    assert_eq!(store.next_errand_at().await.unwrap(), None, "done is done");
}
