//! What was answered stands, whatever happens to the program.

use aside_desk_domain::{EndReason, Errand, Status};
use aside_wire::EventKind;

use super::{Backend, Scene};

/// Ends the program between all steps of a life and looks at what is there.
pub async fn a_restart_keeps_everything(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let post = scene.visitor_post(&visitor, "I'd like to pay");
    let posted = scene.store.post_visitor_message(post.clone()).await.unwrap();
    scene.follows().await;
    let draft = scene.begins(&dana, &session, posted.entry.conversation).await;
    let scene = scene.restart(backend);

    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap().unwrap().session, session);
    assert!(scene.store.post_visitor_message(post).await.unwrap().repeat);
    scene.wait(1);
    assert_eq!(scene.store.unconfirmed_invitations(scene.now()).await.unwrap(), vec![draft.clone()]);
    scene.confirms(draft.id).await.unwrap();
    let page = scene.page(&[(4, draft.id, EventKind::Viewed)]);
    scene.store.apply_events(page.clone(), scene.now()).await.unwrap();
    scene.store.end_session(&scene.site, session.id, EndReason::Logout, scene.by(None)).await.unwrap();
    let (log, cursor) = (scene.log().await, scene.store.cursor().await.unwrap());
    let audit = scene.store.audit_lines(0, 100).await.unwrap();
    let scene = scene.restart(backend);

    assert_eq!((scene.log().await, scene.store.cursor().await.unwrap()), (log.clone(), cursor));
    assert_eq!(scene.store.audit_lines(0, 100).await.unwrap(), audit);
    scene.store.apply_events(page, scene.now()).await.unwrap();
    assert_eq!(scene.log().await, log, "no event is applied twice");
    assert_eq!(scene.placed(draft.id).await.unwrap().invitation.status, Status::Viewed);
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None);
    assert_eq!(scene.owed().await, vec![Errand::EndSession(session.id)]);
    let next = scene.says(&visitor, "Hello again").await.entry;
    assert!(next.sequence > log.last().unwrap().sequence, "numbers grow on");
}
