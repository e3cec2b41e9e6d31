//! People and profiles: changes hold at once, somebody always manages people, nobody changes themselves.

use aside_base::ProfileId;
use aside_desk_domain::{
    AccountState, Agent, BeginRefusal, EndReason, Errand, Link, PeopleRefusal, Permission, Permissions, Profile,
    ProfileRefusal, Role, Session, SessionStage, built_in_profile, vault_rights,
};
use aside_wire::AgentRights;
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::VerbError;

fn profile(scene: &Scene, role: Role, name: &str, permissions: &[Permission]) -> Profile {
    Profile {
        id: ProfileId::from_uuid(*scene.message().as_uuid()),
        site: scene.site.clone(),
        role,
        name: name.parse().unwrap(),
        permissions: Permissions::of(permissions),
    }
}

async fn admin(scene: &Scene, name: &str) -> (Agent, Session) {
    let agent = scene.somebody(name, Role::Admin).await;
    let (session, _) = scene.login(&agent).await;
    (agent, session)
}

/// A custom profile that takes secure forms away takes them from open sessions, sends under way and the vault.
pub async fn a_profile_without_secure_forms_holds_at_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, (_, root)) = (scene.agent("dana").await, admin(&scene, "root").await);
    let (session, token) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let under_way = scene.begins(&dana, &session, conversation).await;
    let by = scene.by(Some(&root));
    let chat = profile(&scene, Role::Agent, "Chat only", &[Permission::HandleConversations]);
    scene.store.create_profile(chat.clone(), by).await.unwrap();
    let began = scene.now();
    scene.wait(5);
    let by = scene.by(Some(&root));
    let aftermath = scene.store.set_profile(&scene.site, dana.id, chat.id, by).await.unwrap();
    assert_eq!(aftermath.rights, vec![dana.id]);
    let live = scene.store.session_by_token(token, scene.now()).await.unwrap().unwrap();
    assert_eq!(live.permissions, chat.permissions);
    let begun = scene.store.begin_invitation(scene.draft(&dana, &session, conversation)).await;
    assert!(matches!(begun, Err(VerbError::Refused(BeginRefusal::NotAllowed))), "{begun:?}");
    assert!(scene.confirms(under_way.id).await.is_err());
    let rights = Errand::SetRights(dana.id, vault_rights(chat.permissions));
    assert!(scene.owed().await.contains(&rights), "{:?}", scene.owed().await);

    // The span of each right ended when the right did.
    let spans = scene.store.rights_spans(&scene.site, began, scene.now().plus_seconds(1)).await.unwrap();
    let mine: Vec<_> = spans.iter().filter(|span| span.agent == dana.id).collect();
    assert_eq!(mine.len(), 2);
    assert!(mine.iter().all(|span| span.until == Some(scene.now())), "{mine:?}");

    // Giving it back through the profile holds for all who have it.
    let back = Profile { permissions: Role::Agent.defaults(), ..chat };
    let aftermath = scene.store.change_profile(back, scene.by(Some(&root))).await.unwrap();
    assert_eq!(aftermath.rights, vec![dana.id]);
    scene.begins(&dana, &session, conversation).await;
}

/// What a deactivated person had is gone at once: sessions, sends, rights; the account opens nothing.
pub async fn a_deactivated_person_is_out_at_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, (_, root)) = (scene.agent("dana").await, admin(&scene, "root").await);
    let (session, token) = scene.login(&dana).await;
    let by = scene.by(Some(&root));
    let aftermath = scene.store.deactivate(&scene.site, dana.id, by).await.unwrap();
    assert_eq!((aftermath.ended[0].session, aftermath.ended[0].reason), (session.id, EndReason::Deactivated));
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None);
    let none = Errand::SetRights(dana.id, vault_rights(Permissions::NONE));
    assert_eq!(scene.owed().await, vec![Errand::EndSession(session.id), none]);
    let found = scene.store.credentials(Some(&scene.site), &dana.name).await.unwrap().unwrap();
    assert_eq!(found.usable(), None);
    let again = scene.store.deactivate(&scene.site, dana.id, by).await.unwrap();
    assert_eq!(again, crate::Aftermath::default());
    scene.store.activate(&scene.site, dana.id, by).await.unwrap();
    let back = scene.store.person(&scene.site, dana.id, scene.now()).await.unwrap().unwrap();
    assert_eq!(back.account.state, AccountState::Invited, "the old password is gone");
    let found = scene.store.credentials(Some(&scene.site), &dana.name).await.unwrap().unwrap();
    assert!(found.usable().is_none() && found.password.is_none());
}

/// Two admins who turn each other off at once leave one, and nobody turns themselves off.
pub async fn the_last_who_manages_people_stays_whoever_races(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (one, here) = admin(&scene, "one").await;
    let (two, there) = admin(&scene, "two").await;
    let own = scene.store.deactivate(&scene.site, one.id, scene.by(Some(&here))).await;
    assert!(matches!(own, Err(VerbError::Refused(PeopleRefusal::Own))), "{own:?}");
    let chat = built_in_profile(Role::Agent);
    let own = scene.store.set_profile(&scene.site, one.id, chat, scene.by(Some(&here))).await;
    assert!(matches!(own, Err(VerbError::Refused(PeopleRefusal::Own))), "{own:?}");
    let races = join_all([
        scene.store.deactivate(&scene.site, two.id, scene.by(Some(&here))),
        scene.store.set_profile(&scene.site, one.id, chat, scene.by(Some(&there))),
    ])
    .await;
    assert_eq!(races.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let lost = races.into_iter().find_map(Result::err);
    assert!(matches!(lost, Some(VerbError::Refused(PeopleRefusal::LastManager))), "{lost:?}");
}

/// A profile keeps inside its role, is deleted only when nobody has it, and never by whom it would hit.
pub async fn a_profile_keeps_to_its_rules(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, (root, session)) = (scene.agent("dana").await, admin(&scene, "root").await);
    let by = scene.by(Some(&session));
    let refusal = |outcome: Result<(), VerbError<ProfileRefusal>>| match outcome {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let beyond = profile(&scene, Role::Agent, "Beyond", &[Permission::Export]);
    assert_eq!(refusal(scene.store.create_profile(beyond, by).await), ProfileRefusal::BeyondRole);
    let night = profile(&scene, Role::Agent, "Night", &[Permission::HandleConversations]);
    scene.store.create_profile(night.clone(), by).await.unwrap();
    let shadow = profile(&scene, Role::Agent, "NIGHT", &[]);
    assert_eq!(refusal(scene.store.create_profile(shadow, by).await), ProfileRefusal::NameTaken);
    let racers =
        (0..8).map(|_| scene.store.create_profile(profile(&scene, Role::Manager, "Race", &[Permission::Export]), by));
    assert_eq!(join_all(racers).await.into_iter().filter(Result::is_ok).count(), 1);

    for role in Role::ALL {
        let built_in = built_in_profile(role);
        assert_eq!(refusal(scene.store.delete_profile(&scene.site, built_in, by).await), ProfileRefusal::BuiltIn);
        let weaker = Profile { id: built_in, ..night.clone() };
        assert_eq!(refusal(scene.store.change_profile(weaker, by).await.map(|_| ())), ProfileRefusal::BuiltIn);
    }
    scene.store.set_profile(&scene.site, dana.id, night.id, by).await.unwrap();
    assert_eq!(refusal(scene.store.delete_profile(&scene.site, night.id, by).await), ProfileRefusal::InUse);
    scene.store.set_profile(&scene.site, dana.id, built_in_profile(Role::Agent), by).await.unwrap();
    scene.store.delete_profile(&scene.site, night.id, by).await.unwrap();

    // A profile that everybody who manages people has cannot lose that, and nobody changes their own.
    let chief = profile(&scene, Role::Admin, "Chief", &[Permission::ManagePeople, Permission::ManageSecurity]);
    scene.store.create_profile(chief.clone(), by).await.unwrap();
    let (second, theirs) = admin(&scene, "second").await;
    scene.store.set_profile(&scene.site, root.id, chief.id, scene.by(Some(&theirs))).await.unwrap();
    let weaker = Profile { permissions: Permissions::of(&[Permission::ManageSecurity]), ..chief.clone() };
    let own = scene.store.change_profile(weaker.clone(), by).await.map(|_| ());
    assert_eq!(refusal(own), ProfileRefusal::Own);
    scene.store.set_profile(&scene.site, second.id, chief.id, by).await.unwrap();
    let last = scene.store.change_profile(weaker, scene.by(None)).await.map(|_| ());
    assert_eq!(refusal(last), ProfileRefusal::LastManager);
    let stronger = Profile { role: Role::Agent, permissions: Permissions::of(&Permission::ALL), ..chief };
    scene.store.change_profile(stronger, scene.by(None)).await.unwrap();
    let all = scene.store.profiles(&scene.site).await.unwrap();
    let chief = all.iter().find(|used| used.profile.name.as_str() == "Chief").unwrap();
    assert_eq!((chief.profile.role, chief.people), (Role::Admin, 2), "its role stays");
    assert!(all[..3].iter().all(|used| used.profile.is_built_in()));
}

/// A profile that newly needs a second factor takes ready sessions without one back to setting it up.
pub async fn who_newly_needs_a_factor_sets_one_up_first(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (lead, (_, root)) = (scene.somebody("lead", Role::Manager).await, admin(&scene, "root").await);
    let (live, token) = scene.begins_login(&lead).await;
    assert_eq!(live.session.stage, SessionStage::Ready);
    let seer = profile(&scene, Role::Manager, "Seer", &[Permission::ViewHistoryAnswers]);
    scene.store.create_profile(seer.clone(), scene.by(Some(&root))).await.unwrap();
    scene.store.set_profile(&scene.site, lead.id, seer.id, scene.by(Some(&root))).await.unwrap();
    let live = scene.store.session_by_token(token, scene.now()).await.unwrap().unwrap();
    assert_eq!(live.session.stage, SessionStage::SetUpFactor);
    assert!(scene.store.live_sessions(scene.now()).await.unwrap().iter().all(|live| live.agent.id != lead.id));
    let history = AgentRights { history: true, ..AgentRights::default() };
    let owed = vec![Errand::SetRights(lead.id, history), Errand::LockSession(live.session.id)];
    assert_eq!(scene.owed().await, owed);
    for errand in scene.store.due_errands(scene.now(), 10).await.unwrap() {
        scene.store.errand_done(errand.id, scene.now()).await.unwrap();
    }
    let set = scene.store.set_up_factor(scene.set_up(&live.session, scene.totp(), scene.key())).await.unwrap();
    assert!(set.live.may(Permission::ViewHistoryAnswers, scene.now()));
    assert_eq!(scene.owed().await, vec![Errand::UnlockSession(live.session.id)]);
}

/// Ninety days without a sign-in disable an account; who signs in stays.
pub async fn an_account_that_nobody_uses_is_disabled(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, eve) = (scene.agent("dana").await, scene.agent("eve").await);
    scene.wait(86_400);
    scene.login(&eve).await;
    scene.wait(89 * 86_400 - 1);
    assert!(scene.store.disable_idle_accounts(scene.now()).await.unwrap().rights.is_empty());
    scene.wait(1);
    assert_eq!(scene.store.disable_idle_accounts(scene.now()).await.unwrap().rights, vec![dana.id]);
    let people = scene.store.people(&scene.site, scene.now()).await.unwrap();
    let states: Vec<_> = people.iter().map(|person| (person.account.agent.id, person.account.state)).collect();
    assert_eq!(states, vec![(dana.id, AccountState::Idle), (eve.id, AccountState::Active)]);
    assert!(people[1].totp && !people[0].totp);
    let spans = scene.store.rights_spans(&scene.site, scene.now(), scene.now().plus_seconds(1)).await.unwrap();
    assert!(spans.iter().all(|span| span.agent == eve.id), "nobody else could see answers from then on");
}

/// A site's admin reaches nobody of another site.
pub async fn people_of_another_site_are_out_of_reach(backend: &mut impl Backend) {
    let north = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let (_, root) = admin(&north, "root").await;
    let eve = south.agent("eve").await;
    let by = north.by(Some(&root));
    let store = &north.store;
    assert!(store.deactivate(&north.site, eve.id, by).await.is_err());
    assert!(store.end_sessions_of(&north.site, eve.id, by).await.is_err());
    assert!(store.unlock_account(&north.site, eve.id, by).await.is_err());
    assert!(store.rename_person(&north.site, eve.id, "Eve".parse().unwrap(), by).await.is_err());
    assert!(store.set_profile(&north.site, eve.id, built_in_profile(Role::Admin), by).await.is_err());
    assert!(store.person(&north.site, eve.id, north.now()).await.unwrap().is_none());
    assert!(!store.factors(&north.site, eve.id).await.unwrap().any());
    let shared = profile(&south, Role::Agent, "Southern", &[]);
    store.create_profile(shared.clone(), by).await.unwrap();
    let foreign = store.set_profile(&north.site, root.agent, shared.id, south.by(None)).await;
    assert!(matches!(foreign, Err(VerbError::Refused(PeopleRefusal::NoProfile))), "{foreign:?}");
}

/// What an admin sees of a person, and what a person's sessions are.
pub async fn a_person_is_shown_with_what_they_have(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    scene.begins_login(&dana).await;
    let person = scene.store.person(&scene.site, dana.id, scene.now()).await.unwrap().unwrap();
    assert_eq!((person.sessions, person.totp, person.passkeys), (2, true, 0));
    assert_eq!(person.account.last_seen_at, Some(scene.now()));
    let sessions = scene.store.sessions_of(&scene.site, dana.id, scene.now()).await.unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions.contains(&session));
    let ended = scene.store.end_sessions_of(&scene.site, dana.id, scene.by(None)).await.unwrap().ended;
    assert!(ended.iter().all(|end| end.reason == EndReason::EndedByAdmin) && ended.len() == 2);
    scene.store.rename_person(&scene.site, dana.id, "Dana K".parse().unwrap(), scene.by(None)).await.unwrap();
    let renamed = scene.store.agent(&scene.site, dana.id).await.unwrap().unwrap();
    assert_eq!(renamed.display_name.as_str(), "Dana K");
}

/// Who changed what, in the order it was done; a refusal of a verb leaves nothing.
pub async fn every_change_of_people_leaves_its_row(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, (root, session)) = (scene.agent("dana").await, admin(&scene, "root").await);
    let before = scene.store.audit_lines(0, 1_000).await.unwrap().len();
    let (store, site, by) = (&scene.store, &scene.site, scene.by(Some(&session)));
    let night = profile(&scene, Role::Agent, "Night", &[Permission::HandleConversations]);
    store.create_profile(night.clone(), by).await.unwrap();
    store.set_profile(site, dana.id, night.id, by).await.unwrap();
    assert!(store.delete_profile(site, night.id, by).await.is_err());
    store.change_profile(Profile { permissions: Permissions::NONE, ..night.clone() }, by).await.unwrap();
    store.rename_person(site, dana.id, "Dana K".parse().unwrap(), by).await.unwrap();
    store.unlock_account(site, dana.id, by).await.unwrap();
    assert!(store.deactivate(site, root.id, by).await.is_err());
    store.deactivate(site, dana.id, by).await.unwrap();
    store.activate(site, dana.id, by).await.unwrap();
    let link = Link { agent: dana.id, key: scene.key(), ends_at: scene.now().plus_seconds(60) };
    store.issue_link(site, link, by).await.unwrap();
    store.set_profile(site, dana.id, built_in_profile(Role::Agent), by).await.unwrap();
    store.delete_profile(site, night.id, by).await.unwrap();
    let lines = store.audit_lines(0, 1_000).await.unwrap();
    let told: Vec<_> = lines[before..].iter().map(|line| line.action.as_str()).collect();
    let acts = [
        "create_profile",
        "set_profile",
        "change_profile",
        "rename_agent",
        "unlock_account",
        "deactivate_agent",
        "activate_agent",
        "issue_link",
        "set_profile",
        "delete_profile",
    ];
    assert_eq!(told, acts);
    let by_root = lines[before..].iter().all(|line| line.actor == ("agent".to_owned(), Some(root.id.to_string())));
    assert!(by_root && lines[before..].iter().all(|line| line.session == Some(session.id.to_string())));
}
