//! Every route of both hosts, taken from the routers themselves, against every kind of caller. A route without a case here
//! fails, and so does a case without a route.

use std::collections::{BTreeMap, BTreeSet};

use aside_base::{Clock as _, OneTimeKey};
use aside_desk_domain::{AccountState, Actor, ApiKey, By, Permission, Profile, Role, Scope as KeyScope, SessionStage};
use aside_desk_http::host_routers;
use aside_desk_store::{Accounts as _, ApiKeys as _, NewAgent, People as _, Sessions as _};
use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::actor::{Anonymous, Reply, fresh};
use crate::house::{CHAT, DESK, House, card_form, northwind};

/// Who may pass a route's door. What happens behind it is other tests' matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Anybody.
    Open,
    /// Whoever holds a live session, at any stage, locked or not.
    Session,
    /// A session that waits for a second factor.
    SecondFactor,
    /// A session that waits for a second factor, or is locked.
    Passkey,
    /// A session that is locked.
    Locked,
    /// A session that needs a new password, or a ready one.
    Password,
    /// A session that must set up a factor, or a ready one.
    Factors,
    /// A ready session that is not locked.
    Ready,
    /// A ready one whose person may do this.
    May(Permission),
    /// The same, or a key with this scope.
    Reads(Permission, KeyScope),
    /// A ready one whose person may do both.
    Both(Permission, Permission),
    /// A ready one whose person may do one of them; the first is said to be missing.
    Either(Permission, Permission),
    /// The same, or a key with one of these scopes.
    ReadsEither([Permission; 2], [KeyScope; 2]),
    /// A ready one whose person may view answers of the past, or leads agents and handles conversations.
    History,
    /// A visitor's browser.
    Visitor,
}

use Door::{
    Both, Either, Factors, History, Locked, May, Open, Passkey, Password, Reads, ReadsEither, Ready, SecondFactor,
    Session, Visitor,
};

const CONVERSATIONS: Door = May(Permission::HandleConversations);
const FORMS: Door = May(Permission::UseSecureForms);
const PEOPLE: Door = May(Permission::ManagePeople);
const READ_PEOPLE: Door = Reads(Permission::ManagePeople, KeyScope::PeopleRead);
const SECURITY: Door = May(Permission::ManageSecurity);
const READ_SECURITY: Door = Reads(Permission::ManageSecurity, KeyScope::SecurityRead);
const KEYS: Door = May(Permission::ManageKeys);
const AUDIT: Door = May(Permission::ReadAudit);
const READ_AUDIT: Door = Reads(Permission::ReadAudit, KeyScope::AuditRead);
const READ_CONVERSATIONS: Door = Either(Permission::HandleConversations, Permission::ViewHistoryAnswers);
const FIND: Door =
    ReadsEither([Permission::EraseData, Permission::Export], [KeyScope::PrivacyErase, KeyScope::PrivacyExport]);
const EXPORT: Door = Reads(Permission::Export, KeyScope::PrivacyExport);
const ERASE: Door = Reads(Permission::EraseData, KeyScope::PrivacyErase);
const EXPORT_ANSWERS: Door = Both(Permission::ViewHistoryAnswers, Permission::Export);

/// Every route with who may pass.
const CASES: &[(&str, &str, &str, Door)] = &[
    (DESK, "GET", "/", Open),
    (DESK, "GET", "/welcome", Open),
    (DESK, "GET", "/openapi.json", Open),
    (DESK, "GET", "/api/captcha", Open),
    (DESK, "POST", "/api/login", Open),
    (DESK, "POST", "/api/welcome/look", Open),
    (DESK, "POST", "/api/welcome", Open),
    (DESK, "GET", "/api/session", Session),
    (DESK, "POST", "/api/logout", Session),
    (DESK, "POST", "/api/session/code", SecondFactor),
    (DESK, "POST", "/api/session/recovery", SecondFactor),
    (DESK, "POST", "/api/session/passkey/options", Passkey),
    (DESK, "POST", "/api/session/passkey", Passkey),
    (DESK, "POST", "/api/session/unlock", Locked),
    (DESK, "POST", "/api/session/password", Password),
    (DESK, "POST", "/api/session/lock", Ready),
    (DESK, "POST", "/api/session/input", Ready),
    (DESK, "GET", "/api/sessions", Ready),
    (DESK, "POST", "/api/sessions/{id}/end", Ready),
    (DESK, "GET", "/api/factors", Ready),
    (DESK, "POST", "/api/factors/totp", Factors),
    (DESK, "POST", "/api/factors/totp/confirm", Factors),
    (DESK, "POST", "/api/factors/totp/remove", Ready),
    (DESK, "POST", "/api/factors/passkeys/options", Factors),
    (DESK, "POST", "/api/factors/passkeys", Factors),
    (DESK, "POST", "/api/factors/passkeys/{id}/remove", Ready),
    (DESK, "POST", "/api/factors/recovery", Ready),
    (DESK, "GET", "/api/feed", Ready),
    (DESK, "GET", "/api/conversations", CONVERSATIONS),
    (DESK, "GET", "/api/conversations/{id}", READ_CONVERSATIONS),
    (DESK, "GET", "/api/agents", READ_CONVERSATIONS),
    (DESK, "POST", "/api/conversations/{id}/transfer", CONVERSATIONS),
    (DESK, "GET", "/api/history", History),
    (DESK, "POST", "/api/conversations/{conversation}/invitations/{id}/history", May(Permission::ViewHistoryAnswers)),
    (DESK, "GET", "/api/keeping", READ_SECURITY),
    (DESK, "PUT", "/api/keeping", SECURITY),
    (DESK, "GET", "/api/privacy/visitors", FIND),
    (DESK, "GET", "/api/privacy/visitors/{id}", FIND),
    (DESK, "GET", "/api/privacy/visitors/{id}/export", EXPORT),
    (DESK, "POST", "/api/privacy/visitors/{id}/erase", ERASE),
    (DESK, "POST", "/api/privacy/visitors/{id}/vault-export", EXPORT_ANSWERS),
    (DESK, "GET", "/api/privacy/conversations/{id}", FIND),
    (DESK, "GET", "/api/privacy/conversations/{id}/export", EXPORT),
    (DESK, "POST", "/api/privacy/conversations/{id}/erase", ERASE),
    (DESK, "POST", "/api/privacy/conversations/{id}/vault-export", EXPORT_ANSWERS),
    (DESK, "POST", "/api/conversations/{id}/messages", CONVERSATIONS),
    (DESK, "POST", "/api/conversations/{id}/typing", CONVERSATIONS),
    (DESK, "POST", "/api/conversations/{id}/read", CONVERSATIONS),
    (DESK, "POST", "/api/conversations/{id}/close", CONVERSATIONS),
    (DESK, "GET", "/api/forms", FORMS),
    (DESK, "POST", "/api/conversations/{id}/invitations", FORMS),
    (DESK, "POST", "/api/invitations/{id}/cancel", FORMS),
    (DESK, "POST", "/api/invitations/{id}/reissue", FORMS),
    (DESK, "POST", "/api/invitations/{id}/view", FORMS),
    (DESK, "GET", "/api/people", READ_PEOPLE),
    (DESK, "POST", "/api/people", PEOPLE),
    (DESK, "GET", "/api/people/{id}", READ_PEOPLE),
    (DESK, "POST", "/api/people/{id}/profile", PEOPLE),
    (DESK, "POST", "/api/people/{id}/rename", PEOPLE),
    (DESK, "POST", "/api/people/{id}/deactivate", PEOPLE),
    (DESK, "POST", "/api/people/{id}/activate", PEOPLE),
    (DESK, "POST", "/api/people/{id}/unlock", PEOPLE),
    (DESK, "POST", "/api/people/{id}/reset", PEOPLE),
    (DESK, "POST", "/api/people/{id}/factors/reset", PEOPLE),
    (DESK, "POST", "/api/people/{id}/sessions/end", PEOPLE),
    (DESK, "POST", "/api/people/{id}/sessions/{session}/end", PEOPLE),
    (DESK, "GET", "/api/profiles", READ_PEOPLE),
    (DESK, "POST", "/api/profiles", PEOPLE),
    (DESK, "PUT", "/api/profiles/{id}", PEOPLE),
    (DESK, "DELETE", "/api/profiles/{id}", PEOPLE),
    (DESK, "GET", "/api/security", READ_SECURITY),
    (DESK, "PUT", "/api/security", SECURITY),
    (DESK, "GET", "/api/keys", KEYS),
    (DESK, "POST", "/api/keys", KEYS),
    (DESK, "POST", "/api/keys/{id}/revoke", KEYS),
    (DESK, "GET", "/api/audit", READ_AUDIT),
    (DESK, "POST", "/api/audit/check", AUDIT),
    (DESK, "GET", "/api/audit/access", READ_AUDIT),
    (DESK, "GET", "/api/audit/export", Both(Permission::ReadAudit, Permission::Export)),
    (DESK, "GET", "/api/alerts", AUDIT),
    (DESK, "POST", "/api/alerts/{id}/acknowledge", AUDIT),
    (CHAT, "GET", "/loader.js", Open),
    (CHAT, "GET", "/widget", Open),
    (CHAT, "POST", "/api/visit", Open),
    (CHAT, "GET", "/api/feed", Visitor),
    (CHAT, "GET", "/api/conversation", Visitor),
    (CHAT, "POST", "/api/messages", Visitor),
    (CHAT, "POST", "/api/typing", Visitor),
    (CHAT, "POST", "/api/invitations/{id}/received", Visitor),
    (CHAT, "POST", "/api/invitations/{id}/open", Visitor),
    (CHAT, "POST", "/api/invitations/{id}/ask", Visitor),
];

/// Every kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Without any cookie.
    Anonymous,
    /// With a visitor's cookie.
    Visitor,
    /// Signing in, at this step.
    At(SessionStage),
    /// Signed in as an admin, at a console that is locked.
    Locked,
    /// Signed in, with this profile's permissions.
    Agent,
    /// An agent whose profile leaves secure forms out.
    AgentWithoutForms,
    /// A manager.
    Manager,
    /// A manager whose profile gives the audit log and nothing else.
    Auditor,
    /// An admin.
    Admin,
    /// With a cookie from before the account was turned off.
    Deactivated,
    /// With all permissions, of another site, naming things of ours.
    OtherSite,
    /// Another program, with every scope.
    KeyWithScopes,
    /// Another program, with every scope but the one in question.
    KeyWithout,
    /// Another program, whose key was revoked.
    KeyRevoked,
}

const KINDS: [Kind; 16] = [
    Kind::Anonymous,
    Kind::Visitor,
    Kind::At(SessionStage::SecondFactor),
    Kind::At(SessionStage::NewPassword),
    Kind::At(SessionStage::SetUpFactor),
    Kind::Locked,
    Kind::Agent,
    Kind::AgentWithoutForms,
    Kind::Manager,
    Kind::Auditor,
    Kind::Admin,
    Kind::Deactivated,
    Kind::OtherSite,
    Kind::KeyWithScopes,
    Kind::KeyWithout,
    Kind::KeyRevoked,
];

/// What a caller gets at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Through: whatever comes, it is not one of the refusals below.
    Passes,
    /// Refused so.
    Refused(u16, &'static str, Option<String>),
}

fn refused(status: u16, kind: &'static str, code: Option<&str>) -> Verdict {
    Verdict::Refused(status, kind, code.map(str::to_owned))
}

impl Kind {
    fn stage(self) -> Option<SessionStage> {
        match self {
            Self::At(stage) => Some(stage),
            Self::Locked
            | Self::Agent
            | Self::AgentWithoutForms
            | Self::Manager
            | Self::Auditor
            | Self::Admin
            | Self::OtherSite => Some(SessionStage::Ready),
            _ => None,
        }
    }

    fn has(self, permission: Permission) -> bool {
        match self {
            Self::Agent => Role::Agent.defaults().has(permission),
            Self::AgentWithoutForms => permission == Permission::HandleConversations,
            Self::Manager => Role::Manager.defaults().has(permission),
            Self::Auditor => permission == Permission::ReadAudit,
            Self::Admin => Role::Admin.defaults().has(permission),
            Self::OtherSite => true,
            _ => false,
        }
    }

    fn is_key(self) -> bool {
        matches!(self, Self::KeyWithScopes | Self::KeyWithout | Self::KeyRevoked)
    }

    /// What this caller must get at that door.
    fn at(self, door: Door) -> Verdict {
        let signed_out = || refused(401, "signed_out", None);
        match door {
            Open => return Verdict::Passes,
            Visitor => return if self == Self::Visitor { Verdict::Passes } else { signed_out() },
            ReadsEither(_, [scope, _]) if self.is_key() => {
                return match self {
                    Self::KeyWithScopes => Verdict::Passes,
                    Self::KeyWithout => refused(403, "not_allowed", Some(scope.as_str())),
                    _ => signed_out(),
                };
            }
            Reads(_, scope) if self.is_key() => {
                return match self {
                    Self::KeyWithScopes => Verdict::Passes,
                    Self::KeyWithout => refused(403, "not_allowed", Some(scope.as_str())),
                    _ => signed_out(),
                };
            }
            _ => {}
        }
        let Some(stage) = self.stage() else { return signed_out() };
        let (ready, locked) = (stage == SessionStage::Ready, self == Self::Locked);
        let unfinished = || refused(403, "unfinished", Some(stage.as_str()));
        let is_locked = || refused(423, "locked", None);
        let wrong_state = |code| refused(409, "wrong_state", Some(code));
        let passes_if = |right: bool, otherwise: Verdict| if right { Verdict::Passes } else { otherwise };
        match door {
            Open | Visitor | Session => Verdict::Passes,
            SecondFactor => passes_if(stage == SessionStage::SecondFactor, wrong_state("stage")),
            Passkey => passes_if(stage == SessionStage::SecondFactor || locked, wrong_state("stage")),
            Locked if !ready => wrong_state("stage"),
            Locked => passes_if(locked, wrong_state("not_locked")),
            _ if locked => is_locked(),
            Password => passes_if(ready || stage == SessionStage::NewPassword, unfinished()),
            Factors => passes_if(ready || stage == SessionStage::SetUpFactor, unfinished()),
            _ if !ready => unfinished(),
            Ready => Verdict::Passes,
            May(permission) | Reads(permission, _) => {
                passes_if(self.has(permission), refused(403, "not_allowed", Some(permission.as_str())))
            }
            Either(one, other) | ReadsEither([one, other], _) => {
                let may = self.has(one) || self.has(other);
                passes_if(may, refused(403, "not_allowed", Some(one.as_str())))
            }
            History => {
                let leads = matches!(self, Self::Manager | Self::Auditor | Self::Admin | Self::OtherSite)
                    && self.has(Permission::HandleConversations);
                let may = leads || self.has(Permission::ViewHistoryAnswers);
                passes_if(may, refused(403, "not_allowed", Some(Permission::ViewHistoryAnswers.as_str())))
            }
            Both(one, other) => {
                let missing = if self.has(one) { other } else { one };
                passes_if(self.has(missing), refused(403, "not_allowed", Some(missing.as_str())))
            }
        }
    }
}

/// A house with somebody of each kind, and with something of each kind that a path can name.
struct Stage {
    house: House,
    visitor: String,
    deactivated: String,
    /// A key with every scope, one that was revoked, and one without each scope in turn.
    whole_key: String,
    revoked_key: String,
    keys_without: Vec<(KeyScope, String)>,
    /// One that neither finds, exports nor erases.
    key_without_both: String,
    /// Ids of northwind's things, by what a path calls for.
    ours: BTreeMap<&'static str, String>,
}

impl Stage {
    async fn set() -> Self {
        let house = House::new().await;
        let now = house.clock.now();
        let by = By::operator(now);
        let account = async |name: &str, site: &str, role, first_password| {
            let agent = aside_desk_domain::Agent {
                id: aside_base::AgentId::generate(now, &*house.rng),
                site: site.parse().unwrap(),
                name: name.parse().unwrap(),
                display_name: name.parse().unwrap(),
            };
            let password = house.store.credentials(Some(&northwind()), &"dana".parse().unwrap()).await.unwrap();
            let password = password.unwrap().password.unwrap();
            house.store.create_agent(NewAgent { agent, password, role, first_password }, now).await.unwrap();
        };
        account("newcomer", "northwind", Role::Agent, true).await;
        account("factorless", "northwind", Role::Agent, false).await;
        account("leaver", "northwind", Role::Agent, false).await;
        account("formless", "northwind", Role::Agent, false).await;
        account("auditor", "northwind", Role::Manager, false).await;
        let log_only = profile(&house, "northwind", Role::Manager, "Log", &[Permission::ReadAudit]);
        house.store.create_profile(log_only.clone(), by).await.unwrap();
        let auditor = house.account("auditor").await.id;
        house.store.set_profile(&northwind(), auditor, log_only.id, by).await.unwrap();
        let chat_only = profile(&house, "northwind", Role::Agent, "Chat", &[Permission::HandleConversations]);
        house.store.create_profile(chat_only.clone(), by).await.unwrap();
        let formless = house.account("formless").await.id;
        house.store.set_profile(&northwind(), formless, chat_only.id, by).await.unwrap();
        let everything = profile(&house, "southwind", Role::Admin, "All", &Permission::ALL);
        house.store.create_profile(everything.clone(), by).await.unwrap();
        let (elsewhere, rex) = ("southwind".parse().unwrap(), house.account("rex").await.id);
        // Somebody must go on managing people there.
        let second = aside_desk_domain::Agent {
            id: aside_base::AgentId::generate(now, &*house.rng),
            site: elsewhere,
            name: "regent".parse().unwrap(),
            display_name: "Regent".parse().unwrap(),
        };
        let site = second.site.clone();
        let password = house.store.credentials(Some(&site), &"rex".parse().unwrap()).await.unwrap().unwrap();
        let password = password.password.unwrap();
        let new = NewAgent { agent: second, password, role: Role::Admin, first_password: false };
        house.store.create_agent(new, now).await.unwrap();
        house.store.set_profile(&site, rex, everything.id, by).await.unwrap();

        let leaver = house.ready("leaver").await.cookie;
        let gone = house.account("leaver").await.id;
        house.store.deactivate(&northwind(), gone, by).await.unwrap();
        assert_eq!(
            house.store.person(&northwind(), gone, now).await.unwrap().unwrap().account.state,
            AccountState::Deactivated
        );

        let visitor = house.visitor().await;
        let conversation = visitor.write("hello").await;
        let dana = house.ready("dana").await;
        let invitation = house.invitation(&dana, conversation).await;
        let revoked_key = key(&house, &KeyScope::ALL).await;
        let all = house.store.api_keys(&northwind()).await.unwrap();
        house.store.revoke_api_key(&northwind(), all[0].id, by).await.unwrap();
        let whole_key = key(&house, &KeyScope::ALL).await;
        let mut keys_without = Vec::new();
        for scope in KeyScope::ALL {
            let others: Vec<KeyScope> = KeyScope::ALL.into_iter().filter(|other| *other != scope).collect();
            keys_without.push((scope, key(&house, &others).await));
        }
        let audit_only = [KeyScope::AuditRead, KeyScope::PeopleRead, KeyScope::SecurityRead];
        let key_without_both = key(&house, &audit_only).await;
        let ours = BTreeMap::from([
            ("conversations", conversation.to_string()),
            ("invitations", invitation.to_string()),
            ("people", house.account("kim").await.id.to_string()),
            ("sessions", dana.session.to_string()),
            ("profiles", chat_only.id.to_string()),
            ("keys", all[0].id.to_string()),
            ("alerts", "1".to_owned()),
            ("visitors", visitor.id.clone()),
            ("passkeys", uuid::Uuid::from_u128(7).to_string()),
        ]);
        Self {
            visitor: visitor.cookie,
            deactivated: leaver,
            whole_key,
            revoked_key,
            keys_without,
            key_without_both,
            ours,
            house,
        }
    }

    /// A caller of this kind, fresh, because a route may end the session it is called in.
    async fn caller(&self, kind: Kind, host: &'static str, door: Door) -> (Anonymous, Option<String>) {
        let house = &self.house;
        let cookie = match kind {
            Kind::Anonymous => None,
            Kind::Visitor => Some(self.visitor.clone()),
            Kind::Deactivated => Some(self.deactivated.clone()),
            Kind::At(SessionStage::SecondFactor) => {
                house.ready("dana").await;
                Some(house.begun("dana").await.cookie)
            }
            Kind::At(SessionStage::NewPassword) => Some(house.begun("newcomer").await.cookie),
            Kind::At(_) => Some(house.begun("factorless").await.cookie),
            Kind::Locked => {
                let ada = house.ready("ada").await;
                let id = house.account("ada").await.id;
                let by = By { who: Actor::Agent(id, ada.session), from: None, at: house.clock.now() };
                assert!(house.store.lock_session(&northwind(), ada.session, by).await.unwrap());
                Some(ada.cookie)
            }
            Kind::Agent => Some(house.ready("dana").await.cookie),
            Kind::AgentWithoutForms => Some(house.ready("formless").await.cookie),
            Kind::Manager => Some(house.ready("mara").await.cookie),
            Kind::Auditor => Some(house.ready("auditor").await.cookie),
            Kind::Admin => Some(house.ready("ada").await.cookie),
            Kind::OtherSite => Some(house.ready("rex").await.cookie),
            Kind::KeyWithScopes | Kind::KeyWithout | Kind::KeyRevoked => None,
        };
        let without = |scope| self.keys_without.iter().find(|(left_out, _)| *left_out == scope);
        let bearer = match (kind, door) {
            (Kind::KeyWithScopes, _) => Some(self.whole_key.clone()),
            (Kind::KeyWithout, Reads(_, scope)) => without(scope).map(|(_, key)| key.clone()),
            (Kind::KeyWithout, ReadsEither(..)) => Some(self.key_without_both.clone()),
            (Kind::KeyWithout, _) => Some(self.keys_without[0].1.clone()),
            (Kind::KeyRevoked, _) => Some(self.revoked_key.clone()),
            _ => None,
        };
        let browser = Anonymous::at(&self.house, host);
        (if let Some(cookie) = cookie { browser.with_cookie(cookie) } else { browser }, bearer)
    }

    /// The path with ids of ours for those who must not reach them, and of nothing at all for those who pass: so that one
    /// case does not undo what the next one needs.
    fn path(&self, path: &str, kind: Kind) -> String {
        let mut collection = "";
        let mut parts = Vec::new();
        for part in path.split('/') {
            if part.starts_with('{') {
                let nothing = uuid::Uuid::from_u128(99).to_string();
                let ours = self.ours.get(collection).unwrap_or_else(|| panic!("an id for {collection}"));
                parts.push(if kind == Kind::OtherSite { ours.clone() } else { nothing });
            } else {
                collection = part;
                parts.push(part.to_owned());
            }
        }
        let query = match path {
            "/widget" => "?site=northwind",
            "/api/privacy/visitors" => "?text=7F3K",
            _ => "",
        };
        parts.join("/") + query
    }
}

fn profile(house: &House, site: &str, role: Role, name: &str, permissions: &[Permission]) -> Profile {
    Profile {
        id: aside_base::ProfileId::generate(house.clock.now(), &*house.rng),
        site: site.parse().unwrap(),
        role,
        name: name.parse().unwrap(),
        permissions: Permission::ALL.into_iter().filter(|one| permissions.contains(one)).collect(),
    }
}

async fn key(house: &House, scopes: &[KeyScope]) -> String {
    let ada = house.ready("ada").await;
    let (now, id) = (house.clock.now(), house.account("ada").await.id);
    let secret = OneTimeKey::generate(&*house.rng as &dyn aside_base::Rng);
    let key = ApiKey {
        id: aside_base::ApiKeyId::generate(now, &*house.rng),
        site: northwind(),
        name: "archive".into(),
        prefix: "0000".into(),
        scopes: scopes.to_vec(),
        created_by: id,
        created_at: now,
        expires_at: now.plus_seconds(86_400),
        last_used_at: None,
        revoked_at: None,
    };
    let text = format!("aside_{}_{}", key.id, secret.to_text());
    let by = By { who: Actor::Agent(id, ada.session), from: None, at: now };
    house.store.create_api_key(key, secret.hash(), by).await.unwrap();
    text
}

/// A body that a handler reads to its end, so that what it checks afterwards is checked too.
fn body(path: &str) -> Value {
    match path {
        "/api/session/code" | "/api/session/recovery" | "/api/factors/totp/confirm" => json!({"code": "000000"}),
        "/api/session/passkey" => json!({"credential": {}}),
        "/api/session/unlock" => json!({"password": "not the password"}),
        "/api/session/password" => json!({"current": "not the password", "new": "nor this one 7"}),
        "/api/factors/passkeys" => json!({"name": "", "credential": {}}),
        "/api/conversations/{id}/messages" | "/api/messages" => json!({"id": fresh(), "text": "hello"}),
        "/api/conversations/{id}/read" => json!({"sequence": 1}),
        "/api/conversations/{id}/invitations" => json!({"id": fresh(), "form": card_form(), "channel": "web"}),
        "/api/people/{id}/profile" => json!({"profile": uuid::Uuid::from_u128(1)}),
        "/api/people/{id}/rename" => json!({"display_name": "Other"}),
        "/api/conversations/{id}/transfer" => json!({"agent": uuid::Uuid::from_u128(98)}),
        "/api/conversations/{conversation}/invitations/{id}/history" => json!({"reason": "dispute"}),
        "/api/keeping" => json!({"keeping": {"days": 30}, "reopen": "once"}),
        path if path.ends_with("/erase") => json!({"confirm": "7F3K-7F3K"}),
        "/api/profiles/{id}" => json!({"name": "Other", "permissions": []}),
        path if path.ends_with("/remove") || path == "/api/factors/recovery" => json!({"password": "not the password"}),
        _ => json!({}),
    }
}

async fn call(
    browser: &Anonymous,
    host: &'static str,
    method: &str,
    path: &str,
    body: Value,
    bearer: Option<&str>,
) -> Reply {
    let mut request = browser
        .request(Method::from_bytes(method.as_bytes()).unwrap(), path)
        .header(ORIGIN, host)
        .header("sec-fetch-site", "same-origin");
    if let Some(bearer) = bearer {
        request = request.header(AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let body = if method == "GET" { String::new() } else { body.to_string() };
    browser.send(request.header(CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()).await
}

fn verdict_of(reply: &Reply) -> Verdict {
    let json = reply.json();
    let (kind, code) = (json["kind"].as_str().unwrap_or_default(), json["code"].as_str());
    let door = match (reply.status, kind, code) {
        (StatusCode::UNAUTHORIZED, "signed_out", _) => "signed_out",
        (StatusCode::FORBIDDEN, "unfinished", _) => "unfinished",
        (StatusCode::FORBIDDEN, "not_allowed", _) => "not_allowed",
        (StatusCode::LOCKED, "locked", _) => "locked",
        (StatusCode::CONFLICT, "wrong_state", Some("stage" | "not_locked")) => "wrong_state",
        _ => return Verdict::Passes,
    };
    Verdict::Refused(reply.status.as_u16(), door, code.map(str::to_owned))
}

/// The routes of a router, as its own description has them.
fn routes_of(host: &'static str, router: &axum::Router) -> BTreeSet<(&'static str, String, String)> {
    let described = format!("{router:?}");
    let main = described.split("fallback_router").next().unwrap();
    let (routes, paths) = main.split_once("node: Node { paths: ").expect("a router describes its paths");
    let mut found = BTreeSet::new();
    for (id, path) in entries(paths) {
        let (_, endpoint) =
            routes.split_once(&format!("{id}: ")).or_else(|| nth(routes, &id)).expect("a path has a route");
        let endpoint = endpoint.split("fallback: ").next().unwrap();
        for method in ["get", "post", "put", "delete", "patch"] {
            let (_, handler) = endpoint.split_once(&format!(" {method}: ")).expect("a route names its methods");
            if !handler.starts_with("None") {
                found.insert((host, method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

/// `RouteId(3): "/path"` and so on.
fn entries(paths: &str) -> Vec<(String, String)> {
    let parts = paths.split("RouteId(").skip(1);
    parts
        .map(|part| {
            let (number, rest) = part.split_once(')').unwrap();
            let path = rest.split('"').nth(1).unwrap();
            (format!("RouteId({number})"), path.to_owned())
        })
        .collect()
}

/// Where routes are a list, the id is the place in it.
fn nth<'r>(routes: &'r str, id: &str) -> Option<(&'r str, &'r str)> {
    let place: usize = id.strip_prefix("RouteId(")?.strip_suffix(')')?.parse().ok()?;
    let (at, _) = routes.match_indices("MethodRouter(").nth(place)?;
    Some(routes.split_at(at))
}

#[tokio::test]
async fn every_route_has_a_case_and_every_case_a_route() {
    let house = House::new().await;
    let routers = host_routers(&house.desk);
    let mut found = BTreeSet::new();
    for (host, (origin, router)) in [DESK, CHAT].into_iter().zip(&routers) {
        assert_eq!(origin.as_str(), host);
        found.extend(routes_of(host, router));
    }
    let cases: BTreeSet<_> =
        CASES.iter().map(|(host, method, path, _)| (*host, (*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(cases.len(), CASES.len(), "a route has one case");
    let without_case: Vec<_> = found.difference(&cases).collect();
    let without_route: Vec<_> = cases.difference(&found).collect();
    assert!(without_case.is_empty() && without_route.is_empty(), "{without_case:#?} {without_route:#?}");
    // And the document says the same of the API.
    let document = serde_json::to_value(aside_desk_http::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let named = |host| cases.contains(&(host, method.to_uppercase(), path.clone()));
            assert!(named(DESK) || named(CHAT), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn each_kind_of_caller_passes_the_doors_it_may_and_no_other() {
    let stage = Stage::set().await;
    let mut wrong = Vec::new();
    for &(host, method, path, door) in CASES {
        for kind in KINDS {
            let (browser, bearer) = stage.caller(kind, host, door).await;
            let at = stage.path(path, kind);
            let reply = call(&browser, host, method, &at, body(path), bearer.as_deref()).await;
            let (got, expected) = (verdict_of(&reply), kind.at(door));
            if got != expected || reply.status.is_server_error() && reply.json()["kind"] != "vault_down" {
                wrong.push(format!("{kind:?} at {method} {path}: {expected:?}, got {reply:?}"));
            }
            // Whoever belongs to another house passes the door there and finds nothing of ours behind it.
            if kind == Kind::OtherSite && path.contains('{') && host == DESK && expected == Verdict::Passes {
                let nothing = matches!(reply.status.as_u16(), 401 | 404) || reply.json()["code"] == "own";
                if !nothing {
                    wrong.push(format!("{kind:?} reached ours at {method} {path}: {reply:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_command_of_either_host_is_taken_from_another_page() {
    let stage = Stage::set().await;
    let ada = stage.house.ready("ada").await;
    for &(host, method, path, _) in CASES.iter().filter(|(_, method, ..)| *method != "GET") {
        let cookie = if host == DESK { ada.cookie.clone() } else { stage.visitor.clone() };
        let browser = Anonymous::at(&stage.house, host).with_cookie(cookie);
        for (origin, site) in [("http://evil.example", "cross-site"), ("null", "cross-site"), (host, "same-site")] {
            let request = browser
                .request(Method::from_bytes(method.as_bytes()).unwrap(), &stage.path(path, Kind::Admin))
                .header(ORIGIN, origin)
                .header("sec-fetch-site", site)
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(body(path).to_string()))
                .unwrap();
            assert_eq!(
                browser.send(request).await.refusal(),
                (403, "no_right".into()),
                "{method} {path} {origin} {site}"
            );
        }
    }
}

#[tokio::test]
async fn another_sites_lists_hold_nothing_of_ours() {
    let stage = Stage::set().await;
    let rex = stage.house.ready("rex").await;
    let text = stage.ours["visitors"].clone();
    let (by_id, by_text) = (format!("/api/privacy/visitors?text={text}"), format!("/api/history?text={text}"));
    for path in [
        "/api/people",
        "/api/profiles",
        "/api/keys",
        "/api/conversations",
        "/api/sessions",
        "/api/security",
        "/api/keeping",
        "/api/agents",
        "/api/history",
        &by_id,
        &by_text,
    ] {
        let reply = rex.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        let names: Vec<&String> =
            stage.ours.iter().filter(|(of, _)| !matches!(**of, "passkeys" | "alerts")).map(|(_, id)| id).collect();
        assert!(names.iter().all(|id| !reply.text.contains(id.as_str())), "{path}: {}", reply.text);
        assert!(!reply.text.contains("northwind"), "{path}: {}", reply.text);
    }
}
