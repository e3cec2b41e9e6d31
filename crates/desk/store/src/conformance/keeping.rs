//! How long answers are kept, and what closing a form means.

use aside_desk_domain::{Errand, SiteError};
use aside_wire::{Keeping, Reopen};

use super::{Backend, Scene};
use crate::VerbError;

/// A change reaches the vault and the log, once; what is out of range reaches neither.
pub async fn a_change_of_what_is_kept_is_told_and_audited(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let kept = async || {
        let site = store.site(&scene.site).await.unwrap().unwrap();
        (site.keeping.days, site.reopen, site.profile().keeping.days)
    };
    assert_eq!(kept().await, (395, Reopen::SameDevice, 395));
    let set = async |days, reopen| store.set_keeping(&scene.site, Keeping { days }, reopen, scene.by(None)).await;
    assert!(!set(395, Reopen::SameDevice).await.unwrap(), "nothing changed");
    assert!(scene.owed().await.is_empty());
    assert!(set(0, Reopen::Once).await.unwrap());
    assert_eq!(kept().await, (0, Reopen::Once, 0));
    assert_eq!(scene.owed().await, [Errand::PublishSite]);
    assert!(matches!(set(396, Reopen::Once).await, Err(VerbError::Refused(SiteError::Keeping))));
    assert_eq!(kept().await, (0, Reopen::Once, 0));
    let rows = store.audit_lines(0, 100).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.action == "change_keeping").count(), 1);
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    assert_eq!(elsewhere.store.site(&elsewhere.site).await.unwrap().unwrap().keeping.days, 395);

    // A form keeps the rule it was sent under.
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = aside_desk_domain::Draft { reopen: Reopen::Once, ..scene.draft(&dana, &session, conversation) };
    store.begin_invitation(draft.clone()).await.unwrap();
    scene.confirms(draft.id).await.unwrap();
    set(30, Reopen::SameDevice).await.unwrap();
    assert_eq!(scene.placed(draft.id).await.unwrap().invitation.draft.to_invite().reopen, Reopen::Once);
}
