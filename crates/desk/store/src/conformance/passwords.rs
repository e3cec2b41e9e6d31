//! Passwords and links: a change ends other sessions, a link works once, whoever races.

use aside_desk_domain::{
    AccountState, Agent, EndReason, Link, LinkRefusal, PasswordHash, PasswordRefusal, PeopleRefusal, Role, Session,
    SessionStage, SignInRefusal,
};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::{ChangePassword, NewAgent, NewPerson, VerbError};

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("$argon2id$for-{text}"))
}

fn change(scene: &Scene, session: &Session, current: &str, new: &str) -> ChangePassword {
    ChangePassword {
        site: scene.site.clone(),
        session: session.id,
        current: hash(current),
        new: hash(new),
        token: scene.key(),
        from: None,
        now: scene.now(),
    }
}

fn link(scene: &Scene, agent: &Agent) -> Link {
    Link { agent: agent.id, key: scene.key(), ends_at: scene.now().plus_seconds(86_400) }
}

/// A change ends the person's other sessions, twice a day, and the former ones are remembered.
pub async fn a_change_ends_the_other_sessions_and_is_remembered(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (here, token) = scene.login(&dana).await;
    let (there, _) = scene.login(&dana).await;
    let changed = scene.store.change_password(change(&scene, &here, "dana", "1")).await.unwrap();
    assert_eq!(changed.live.session.stage, SessionStage::Ready);
    let ended = &changed.aftermath.ended;
    assert_eq!((ended.len(), ended[0].session, ended[0].reason), (1, there.id, EndReason::PasswordChanged));
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None, "the old token is void");

    let stale = scene.store.change_password(change(&scene, &here, "dana", "2")).await;
    assert!(matches!(stale, Err(VerbError::Refused(PasswordRefusal::Changed))), "{stale:?}");
    let racers = (0..8).map(|_| scene.store.change_password(change(&scene, &here, "1", "2")));
    assert_eq!(join_all(racers).await.into_iter().filter(Result::is_ok).count(), 1);
    let third = scene.store.change_password(change(&scene, &here, "2", "3")).await;
    assert!(matches!(third, Err(VerbError::Refused(PasswordRefusal::TooManyChanges))), "{third:?}");
    let former = scene.store.former_passwords(&scene.site, dana.id).await.unwrap();
    assert_eq!(former, vec![hash("2"), hash("1"), hash("dana")]);
    scene.wait(86_401);
    let (here, _) = scene.login(&dana).await;
    for number in 3..5 {
        let [before, after] = [number - 1, number].map(|number: u8| number.to_string());
        scene.store.change_password(change(&scene, &here, &before, &after)).await.unwrap();
    }
    let former = scene.store.former_passwords(&scene.site, dana.id).await.unwrap();
    assert_eq!(former, ["4", "3", "2", "1"].map(hash), "the last four, the present one among them");
}

/// A first password is changed before anything else, and the change is never one too many.
pub async fn a_first_password_is_changed_at_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let new = NewAgent { first_password: true, role: Role::Admin, ..scene.new_agent("root") };
    let root = new.agent.clone();
    scene.store.create_agent(new, scene.now()).await.unwrap();
    let (live, _) = scene.begins_login(&root).await;
    assert_eq!(live.session.stage, SessionStage::NewPassword);
    let skipped = scene.store.set_up_factor(scene.set_up(&live.session, scene.totp(), scene.key())).await;
    assert!(skipped.is_err(), "no step is skipped");
    let changed = scene.store.change_password(change(&scene, &live.session, "root", "own")).await.unwrap();
    assert_eq!(changed.live.session.stage, SessionStage::SetUpFactor);
    let (live, _) = scene.begins_login(&root).await;
    assert_eq!(live.session.stage, SessionStage::SetUpFactor);
}

/// A sign-in whose password was replaced, or whose account was turned off, while it was checked is none.
pub async fn a_sign_in_that_was_overtaken_opens_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (late, _) = scene.sign_in(&dana).await;
    let fresh = link(&scene, &dana);
    scene.store.issue_link(&scene.site, fresh, scene.by(None)).await.unwrap();
    scene.store.use_link(fresh.key, hash("other"), None, scene.now()).await.unwrap();
    let overtaken = scene.store.sign_in(late).await;
    assert!(matches!(overtaken, Err(VerbError::Refused(SignInRefusal::Changed))), "{overtaken:?}");
    let (late, _) = scene.sign_in(&dana).await;
    scene.store.deactivate(&scene.site, dana.id, scene.by(None)).await.unwrap();
    let overtaken = scene.store.sign_in(late).await;
    assert!(matches!(overtaken, Err(VerbError::Refused(SignInRefusal::Changed))), "{overtaken:?}");
}

/// One link sets one password, whoever races; a new one voids it, a day ends it.
pub async fn a_link_works_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let (voided, good) = (link(&scene, &dana), link(&scene, &dana));
    for made in [voided, good] {
        scene.store.issue_link(&scene.site, made, scene.by(None)).await.unwrap();
    }
    assert_eq!(scene.store.link_holder(voided.key, scene.now()).await.unwrap(), None);
    let holder = scene.store.link_holder(good.key, scene.now()).await.unwrap().unwrap();
    assert_eq!((holder.agent, holder.link), (dana.clone(), good));
    let racers = (0..64).map(|_| scene.store.use_link(good.key, hash("new"), None, scene.now()));
    let mut used: Vec<_> = join_all(racers).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(used.len(), 1);
    assert_eq!(used.remove(0).ended[0].session, session.id);
    let again = scene.store.use_link(good.key, hash("new"), None, scene.now()).await;
    assert!(matches!(again, Err(VerbError::Refused(LinkRefusal::Gone))), "{again:?}");

    let late = link(&scene, &dana);
    scene.store.issue_link(&scene.site, late, scene.by(None)).await.unwrap();
    scene.wait(86_400);
    assert_eq!(scene.store.link_holder(late.key, scene.now()).await.unwrap(), None);
    assert!(scene.store.use_link(late.key, hash("new"), None, scene.now()).await.is_err());
}

/// An invited person has no password that fits until the link was used; a deactivated one has no link.
pub async fn an_invited_person_becomes_active_by_the_link(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let agent = scene.new_agent("noor").agent;
    let first = link(&scene, &agent);
    let profile = aside_desk_domain::built_in_profile(Role::Agent);
    let person = NewPerson { agent: agent.clone(), profile, link: first };
    let account = scene.store.invite_person(person.clone(), scene.by(None)).await.unwrap();
    assert_eq!(account.state, AccountState::Invited);
    let found = scene.store.credentials(Some(&scene.site), &agent.name).await.unwrap().unwrap();
    assert_eq!(found.usable(), None);
    let twice = scene.store.invite_person(person, scene.by(None)).await;
    assert!(matches!(twice, Err(VerbError::Refused(PeopleRefusal::NameTaken))), "{twice:?}");
    scene.store.use_link(first.key, hash("noor"), None, scene.now()).await.unwrap();
    let (live, _) = scene.begins_login(&agent).await;
    assert_eq!(live.session.stage, SessionStage::SetUpFactor, "a password of one's own needs no change");

    let second = link(&scene, &agent);
    scene.store.issue_link(&scene.site, second, scene.by(None)).await.unwrap();
    scene.store.deactivate(&scene.site, agent.id, scene.by(None)).await.unwrap();
    assert!(scene.store.use_link(second.key, hash("x"), None, scene.now()).await.is_err());
    let refused = scene.store.issue_link(&scene.site, link(&scene, &agent), scene.by(None)).await;
    assert!(matches!(refused, Err(VerbError::Refused(PeopleRefusal::NotActive))), "{refused:?}");
}
