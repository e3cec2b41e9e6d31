//! The vault's events and the statuses they move.

use aside_base::{SubmissionId, Timestamp};
use aside_desk_domain::{AskRefusal, Cursor, EntryKind, Invitation, Status};
use aside_wire::{CancelReason, EventKind, InvitationStatus};
use futures_util::future::join_all;
use uuid::Uuid;

use super::scene::EPOCH;
use super::{Backend, Scene};
use crate::{Applied, Followed, Heard, VerbError};

/// Sends a form and follows the stream.
async fn invited(scene: &Scene) -> Invitation {
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    scene.sends(&dana, &session, conversation).await
}

fn done(applied: Applied) -> Vec<Status> {
    let Applied::Done(entries) = applied else { panic!("not applied: {applied:?}") };
    entries
        .into_iter()
        .map(|entry| match entry.kind {
            EntryKind::Status { status, .. } => status,
            other => panic!("not a status: {other:?}"),
        })
        .collect()
}

fn submission() -> SubmissionId {
    SubmissionId::from_uuid(Uuid::from_u128(77))
}

/// Nobody knows at first where the stream stands.
pub async fn the_first_page_asks_for_a_resynchronisation(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    assert_eq!(store.cursor().await.unwrap(), None);
    assert_eq!(store.apply_events(scene.page(&[]), scene.now()).await.unwrap(), Applied::OtherStream);
    assert!(store.followed_invitations().await.unwrap().is_empty());
    scene.follows().await;
    assert_eq!(store.cursor().await.unwrap(), Some(Cursor { epoch: EPOCH, sequence: 0 }));
    assert_eq!(done(store.apply_events(scene.page(&[]), scene.now()).await.unwrap()), vec![]);
}

/// The whole way, heard twice.
pub async fn a_page_applied_twice_changes_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let id = invited(&scene).await.id();
    scene.wait(5);
    let submitted = EventKind::Submitted { submission: submission() };
    let page = scene.page(&[(3, id, EventKind::Viewed), (5, id, submitted), (9, id, EventKind::Read)]);
    let happened = scene.now();
    scene.wait(60);
    let applied = scene.store.apply_events(page.clone(), scene.now()).await.unwrap();
    assert_eq!(done(applied), vec![Status::Viewed, Status::Submitted, Status::Read]);
    let (log, placed) = (scene.log().await, scene.placed(id).await);
    assert_eq!(done(scene.store.apply_events(page, scene.now()).await.unwrap()), vec![]);
    assert_eq!((scene.log().await, scene.placed(id).await), (log, placed.clone()));
    assert_eq!(scene.store.cursor().await.unwrap(), Some(Cursor { epoch: EPOCH, sequence: 9 }));

    let invitation = placed.unwrap().invitation;
    assert_eq!((invitation.status, invitation.submission), (Status::Read, Some(submission())));
    assert_eq!(invitation.timeline.viewed, Some(happened), "the vault's moment, not the desk's");
    assert_eq!(invitation.since(), happened);
    assert_eq!(invitation.expires_at, happened.plus_seconds(1_800), "the open started the submit limit");
}

/// Two readers of the stream, as after a restart that overlaps.
pub async fn eight_racers_with_one_page_apply_it_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let id = invited(&scene).await.id();
    let page = scene.page(&[(1, id, EventKind::Viewed), (2, id, EventKind::Declined)]);
    let racers = (0..8).map(|_| scene.store.apply_events(page.clone(), scene.now()));
    let entries: Vec<_> = join_all(racers).await.into_iter().flat_map(|applied| done(applied.unwrap())).collect();
    assert_eq!(entries, vec![Status::Viewed, Status::Declined]);
}

/// *Received* is the desk's own and may come late; endings are endings.
pub async fn a_status_never_goes_backwards(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let first = scene.sends(&dana, &session, conversation).await.id();
    let second = scene.sends(&dana, &session, conversation).await.id();
    let receive = async |id| store.mark_received(&scene.site, visitor.id, id, scene.now()).await.unwrap();
    assert!(receive(first).await.is_some());
    assert!(receive(first).await.is_none(), "once");
    let cancelled = EventKind::Cancelled { reason: CancelReason::Agent };
    let page = scene.page(&[(1, second, EventKind::Viewed), (2, first, cancelled), (3, first, EventKind::Viewed)]);
    let applied = store.apply_events(page, scene.now()).await.unwrap();
    assert_eq!(done(applied), vec![Status::Viewed, Status::Cancelled]);
    assert!(receive(second).await.is_none(), "received after viewed is ignored");
    let first = scene.placed(first).await.unwrap().invitation;
    assert_eq!((first.status, first.reason), (Status::Cancelled, Some(CancelReason::Agent)));
    assert_eq!(scene.placed(second).await.unwrap().invitation.timeline.received, None);
    let summary = store.summary(&scene.site, dana.id, conversation).await.unwrap().unwrap();
    assert_eq!(summary.invitation_status, Some(Status::Viewed), "the newest invitation's");
}

/// What the desk does not know leaves no trace but the cursor.
pub async fn unknown_and_foreign_invitations_move_only_the_cursor(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let known = invited(&scene).await;
    let unknown = aside_base::InvitationId::generate(Timestamp(5), &aside_base::SeededRng::new(99));
    let before = (scene.log().await, scene.placed(known.id()).await);
    let page = south.page(&[(1, known.id(), EventKind::Viewed), (2, unknown, EventKind::Expired)]);
    assert_eq!(done(south.store.apply_events(page, south.now()).await.unwrap()), vec![]);
    assert_eq!((scene.log().await, scene.placed(known.id()).await), before);
    assert!(scene.owed().await.is_empty());
    assert_eq!(scene.store.cursor().await.unwrap().unwrap().sequence, 2);
}

/// A vault that was restored, or replaced.
pub async fn another_stream_changes_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let id = invited(&scene).await.id();
    scene.store.apply_events(scene.page(&[(7, id, EventKind::Viewed)]), scene.now()).await.unwrap();
    let before = (scene.log().await, scene.store.cursor().await.unwrap());
    let mut other = scene.page(&[(9, id, EventKind::Declined)]);
    other.epoch = Uuid::from_u128(0xE2);
    let lower = scene.page(&[(6, id, EventKind::Declined)]);
    for page in [other, lower] {
        assert_eq!(scene.store.apply_events(page, scene.now()).await.unwrap(), Applied::OtherStream);
    }
    assert_eq!((scene.log().await, scene.store.cursor().await.unwrap()), before);
}

/// After a gap the vault is asked for each invitation that is still on its way.
pub async fn a_resynchronisation_tells_what_was_missed(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(scene.sends(&dana, &session, conversation).await.id());
    }
    let [answered, lost, kept, over] = [ids[0], ids[1], ids[2], ids[3]];
    let submitted = EventKind::Submitted { submission: submission() };
    store.apply_events(scene.page(&[(1, kept, submitted), (2, over, EventKind::Expired)]), scene.now()).await.unwrap();
    let mut followed: Vec<_> = store.followed_invitations().await.unwrap();
    followed.sort_by_key(|followed| followed.invitation);
    let of = |invitation| Followed { site: scene.site.clone(), invitation };
    let mut expected = vec![of(answered), of(lost), of(kept)];
    expected.sort_by_key(|followed| followed.invitation);
    assert_eq!(followed, expected);

    let since = scene.now();
    let status = aside_wire::Status::Submitted;
    let told = InvitationStatus { invitation: answered, status, since, submission: Some(submission()) };
    let behind = InvitationStatus { invitation: kept, status: aside_wire::Status::Viewed, since, submission: None };
    let heard = vec![
        Heard { followed: of(answered), status: Some(told) },
        Heard { followed: of(lost), status: None },
        Heard { followed: of(kept), status: Some(behind) },
        Heard { followed: of(over), status: None },
    ];
    scene.wait(5);
    let epoch = Uuid::from_u128(0xE2);
    let entries = store.resynchronise(epoch, 40, heard.clone(), scene.now()).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(store.cursor().await.unwrap(), Some(Cursor { epoch, sequence: 40 }));
    let mut statuses = Vec::new();
    for id in ids {
        statuses.push(scene.placed(id).await.unwrap().invitation.status);
    }
    assert_eq!(statuses, vec![Status::Submitted, Status::Failed, Status::Submitted, Status::Expired]);
    assert_eq!(scene.placed(answered).await.unwrap().invitation.submission, Some(submission()));
    assert!(store.resynchronise(epoch, 40, heard, scene.now()).await.unwrap().is_empty(), "twice changes nothing");

    store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    assert!(store.followed_invitations().await.unwrap().is_empty(), "answers of a closed conversation are nobody's");
}

/// A very short life may end before the desk has shown the invitation.
pub async fn what_ended_before_it_was_shown_is_never_shown(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let draft = scene.begins(&dana, &session, conversation).await;
    let page = scene.page(&[(1, draft.id, EventKind::Expired)]);
    assert_eq!(done(scene.store.apply_events(page, scene.now()).await.unwrap()), vec![]);
    assert!(matches!(scene.confirms(draft.id).await, Err(VerbError::Refused(_))));
    assert_eq!(scene.log().await.len(), 1);
}

/// S14: the visitor asks, the agent re-issues, the visitor may ask again.
pub async fn a_new_form_is_asked_for_once_until_it_is_reissued(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let (visitor, stranger) = (scene.visitor().await, scene.visitor().await);
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let id = scene.sends(&dana, &session, conversation).await.id();
    let ask = async |who: &aside_desk_domain::Visitor| store.ask(&scene.site, who.id, id, scene.now()).await;
    assert!(matches!(ask(&stranger).await, Err(VerbError::Refused(AskRefusal::NotFound))));
    let entry = ask(&visitor).await.unwrap().unwrap();
    assert_eq!(entry.kind, EntryKind::Asked { invitation: id });
    assert_eq!(ask(&visitor).await.unwrap(), None);
    let page = scene.page(&[(1, id, EventKind::Asked)]);
    let applied = store.apply_events(page, scene.now()).await.unwrap();
    assert_eq!(applied, Applied::Done(vec![]), "asked in the chat already");
    assert_eq!(scene.placed(id).await.unwrap().invitation.asked_at, Some(scene.now()));

    store.apply_events(scene.page(&[(2, id, EventKind::Reissued)]), scene.now()).await.unwrap();
    assert_eq!(scene.placed(id).await.unwrap().invitation.asked_at, None);
    let page = scene.page(&[(3, id, EventKind::Asked)]);
    let Applied::Done(entries) = store.apply_events(page, scene.now()).await.unwrap() else { panic!("applied") };
    assert_eq!(entries.len(), 1, "asked on the vault's page");

    let answered = EventKind::Submitted { submission: submission() };
    let page = scene.page(&[(4, id, EventKind::Reissued), (5, id, answered), (6, id, EventKind::Asked)]);
    store.apply_events(page, scene.now()).await.unwrap();
    assert!(matches!(ask(&visitor).await, Err(VerbError::Refused(AskRefusal::WrongState))));
    assert_eq!(scene.placed(id).await.unwrap().invitation.asked_at, None);
}

/// S14: whatever was heard of the old link before, also late, the form is sent again.
pub async fn a_form_that_is_issued_anew_begins_again_at_sent(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let first = invited(&scene).await;
    let id = first.id();
    let visitor = scene.placed(id).await.unwrap().conversation.visitor;
    store.mark_received(&scene.site, visitor, id, scene.now()).await.unwrap().unwrap();
    scene.wait(5);
    let issued = scene.now();
    let page = scene.page(&[(1, id, EventKind::Viewed), (2, id, EventKind::Reissued)]);
    scene.wait(60);
    assert_eq!(done(store.apply_events(page.clone(), scene.now()).await.unwrap()), [Status::Viewed, Status::Sent]);
    assert_eq!(done(store.apply_events(page, scene.now()).await.unwrap()), [], "heard twice, done once");
    let again = scene.placed(id).await.unwrap().invitation;
    assert_eq!((again.status, again.since()), (Status::Sent, issued), "the vault's moment, not the desk's");
    assert_eq!((again.timeline.received, again.timeline.viewed), (None, None));
    assert_eq!(again.expires_at, issued.plus_seconds(first.draft.clocks.invitation_life), "its time begins again");
    let page = scene.page(&[(3, id, EventKind::Viewed), (4, id, EventKind::Declined), (5, id, EventKind::Reissued)]);
    assert_eq!(done(store.apply_events(page, scene.now()).await.unwrap()), [Status::Viewed, Status::Declined]);
    assert_eq!(scene.placed(id).await.unwrap().invitation.status, Status::Declined, "what has ended stays so");
}

/// The event was lost with the stream: the vault's own word of the status will do.
pub async fn a_resynchronisation_tells_that_a_form_was_issued_anew(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let id = invited(&scene).await.id();
    let told = |status| {
        let status = InvitationStatus { invitation: id, status, since: scene.now(), submission: None };
        vec![Heard { followed: Followed { site: scene.site.clone(), invitation: id }, status: Some(status) }]
    };
    let hear = async |head, status| {
        let entries = store.resynchronise(EPOCH, head, told(status), scene.now()).await.unwrap();
        done(Applied::Done(entries))
    };
    assert_eq!(hear(1, aside_wire::Status::Sent).await, [], "it is *sent* since it was sent");
    assert_eq!(hear(2, aside_wire::Status::Viewed).await, [Status::Viewed]);
    scene.wait(5);
    assert_eq!(hear(3, aside_wire::Status::Sent).await, [Status::Sent]);
    let again = scene.placed(id).await.unwrap().invitation;
    assert_eq!((again.status, again.since(), again.timeline.viewed), (Status::Sent, scene.now(), None));
    assert_eq!(hear(4, aside_wire::Status::Sent).await, [], "told twice, done once");
}

/// A visitor cannot move another's invitation.
pub async fn only_its_visitor_receives_an_invitation(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let id = invited(&scene).await.id();
    let stranger = scene.visitor().await;
    let before = scene.log().await;
    assert_eq!(scene.store.mark_received(&scene.site, stranger.id, id, scene.now()).await.unwrap(), None);
    assert_eq!(scene.store.visitor_invitation(&scene.site, stranger.id, id).await.unwrap(), None);
    assert_eq!(scene.log().await, before);
}
