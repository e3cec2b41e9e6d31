//! People: inviting, changing, turning off, helping back in (A1 to A5). Nobody does any of it to their own account.

use std::sync::Arc;

use aside_base::{AgentId, OneTimeKey, ProfileId, SessionId};
use aside_desk_domain::{self as domain, AgentTextError, DisplayName, EndReason, LINK_LIFE, Link};
use aside_desk_store as store;
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{
    NewPerson, OtherName, OtherProfile, People, Person, PersonInvited, PersonPage, PersonSession, ProfileName,
    StrongestFactor, WelcomeLink,
};
use crate::caller::{Address, Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::extract::{Pair, Path};
use crate::may::ManagePeople;
use crate::refusal::Refusal;
use crate::shown;

/// Everybody of the site, by login name.
#[utoipa::path(get, path = "/api/people", operation_id = "list_people", tag = "admin",
    responses((status = 200, body = People), (status = 403, description = "not_allowed")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    reads: PersonOrKey<ManagePeople>,
) -> Result<axum::Json<People>, Refusal> {
    let people = desk.store.people(&reads.site, desk.now()).await?;
    Ok(axum::Json(People { people: people.into_iter().map(shown_person).collect() }))
}

/// One person, with its permissions and sessions.
#[utoipa::path(get, path = "/api/people/{id}", operation_id = "read_person", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = PersonPage), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn read(
    State(desk): State<Arc<Desk>>,
    reads: PersonOrKey<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<axum::Json<PersonPage>, Refusal> {
    let now = desk.now();
    let person = desk.store.person(&reads.site, id, now).await?.ok_or(Refusal::NotFound)?;
    let session = |session: domain::Session| PersonSession {
        id: session.id,
        started_at: session.started_at,
        last_input_at: session.last_input_at,
        from: session.from.map(|from| from.to_string()),
        locked: session.locked_at.is_some(),
    };
    let sessions = desk.store.sessions_of(&reads.site, id, now).await?;
    Ok(axum::Json(PersonPage {
        permissions: shown::permissions(person.account.permissions),
        person: shown_person(person),
        sessions: sessions.into_iter().map(session).collect(),
    }))
}

/// Invites a person: makes the account and a link by which it sets its first password.
#[utoipa::path(post, path = "/api/people", operation_id = "invite_person", tag = "admin", request_body = NewPerson,
    responses((status = 200, body = PersonInvited), (status = 403, description = "not_allowed"), (status = 422, description = "invalid")))]
pub(crate) async fn invite(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Json(new): Json<NewPerson>,
) -> Result<axum::Json<PersonInvited>, Refusal> {
    let now = desk.now();
    let agent = domain::Agent {
        id: AgentId::generate(now, &*desk.rng),
        site: admin.site().clone(),
        name: new.name.trim().parse().map_err(wrong_text)?,
        display_name: new.display_name.parse().map_err(wrong_text)?,
    };
    let (key, link) = desk.fresh_link(agent.id);
    let id = agent.id;
    let person = store::NewPerson { agent, profile: ProfileId::from_uuid(new.profile), link };
    desk.store.invite_person(person, admin.by(&desk, from)).await?;
    let person = desk.store.person(admin.site(), id, now).await?.ok_or(Refusal::NotFound)?;
    Ok(axum::Json(PersonInvited {
        person: shown_person(person),
        link: desk.welcome_link(&key),
        expires_at: link.ends_at,
    }))
}

/// Gives a person another profile. It holds at once, in open sessions too.
#[utoipa::path(post, path = "/api/people/{id}/profile", operation_id = "set_profile", tag = "admin", params(("id" = uuid::Uuid, Path)),
    request_body = OtherProfile, responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: own, last_manager"), (status = 422, description = "invalid")))]
pub(crate) async fn set_profile(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
    Json(other): Json<OtherProfile>,
) -> Result<StatusCode, Refusal> {
    let profile = ProfileId::from_uuid(other.profile);
    let aftermath = desk.store.set_profile(admin.site(), id, profile, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the name that people see.
#[utoipa::path(post, path = "/api/people/{id}/rename", operation_id = "rename_person", tag = "admin", params(("id" = uuid::Uuid, Path)),
    request_body = OtherName, responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 422, description = "invalid")))]
pub(crate) async fn rename(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
    Json(other): Json<OtherName>,
) -> Result<StatusCode, Refusal> {
    let name: DisplayName = other.display_name.parse().map_err(wrong_text)?;
    desk.store.rename_person(admin.site(), id, name, admin.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turns an account off: its sessions end, its rights are gone.
#[utoipa::path(post, path = "/api/people/{id}/deactivate", operation_id = "deactivate_person", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: own, last_manager")))]
pub(crate) async fn deactivate(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<StatusCode, Refusal> {
    let aftermath = desk.store.deactivate(admin.site(), id, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(StatusCode::NO_CONTENT)
}

/// Turns an account on again. It waits for a password by a link: `reset` makes one.
#[utoipa::path(post, path = "/api/people/{id}/activate", operation_id = "activate_person", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state")))]
pub(crate) async fn activate(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<StatusCode, Refusal> {
    desk.store.activate(admin.site(), id, admin.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the lock of failed tries away.
#[utoipa::path(post, path = "/api/people/{id}/unlock", operation_id = "unlock_person", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn unlock(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<StatusCode, Refusal> {
    desk.store.unlock_account(admin.site(), id, admin.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a link by which the person sets a new password; a former link is void.
#[utoipa::path(post, path = "/api/people/{id}/reset", operation_id = "reset_password", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WelcomeLink), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: not_active")))]
pub(crate) async fn reset(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<axum::Json<WelcomeLink>, Refusal> {
    let (key, link) = desk.fresh_link(id);
    desk.store.issue_link(admin.site(), link, admin.by(&desk, from)).await?;
    Ok(axum::Json(WelcomeLink { link: desk.welcome_link(&key), expires_at: link.ends_at }))
}

/// Removes all second factors of a person, here and at the vault. Its sessions end; what was sent before stays closed.
#[utoipa::path(post, path = "/api/people/{id}/factors/reset", operation_id = "reset_factors", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn reset_factors(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<StatusCode, Refusal> {
    let aftermath = desk.store.reset_factors(admin.site(), id, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of a person.
#[utoipa::path(post, path = "/api/people/{id}/sessions/end", operation_id = "end_sessions", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn end_sessions(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<AgentId>,
) -> Result<StatusCode, Refusal> {
    let aftermath = desk.store.end_sessions_of(admin.site(), id, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of a person.
#[utoipa::path(post, path = "/api/people/{id}/sessions/{session}/end", operation_id = "end_session", tag = "admin",
    params(("id" = uuid::Uuid, Path), ("session" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn end_session(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    admin: Allowed<ManagePeople>,
    Pair(id, session): Pair<AgentId, SessionId>,
) -> Result<StatusCode, Refusal> {
    let found = desk.store.sessions_of(admin.site(), id, desk.now()).await?;
    if !found.iter().any(|found| found.id == session) {
        return Err(Refusal::NotFound);
    }
    desk.end(&admin, session, EndReason::EndedByAdmin, Some(from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn wrong_text(error: AgentTextError) -> Refusal {
    match error {
        AgentTextError::Name => {
            Refusal::Invalid("name", "A login name has 1 to 60 of a-z, 0-9, dot, hyphen, underscore and @.")
        }
        AgentTextError::DisplayName => {
            Refusal::Invalid("display_name", "A name has 1 to 60 characters, none of them control characters.")
        }
    }
}

fn shown_person(person: store::Person) -> Person {
    let account = person.account;
    Person {
        id: account.agent.id,
        name: account.agent.name.as_str().to_owned(),
        display_name: account.agent.display_name.as_str().to_owned(),
        role: shown::role(account.role),
        profile: ProfileName { id: *account.profile.as_uuid(), name: account.profile_name },
        state: shown::account_state(account.state),
        locked_until: person.locked_until,
        factor: match (person.passkeys, person.totp) {
            (1.., _) => StrongestFactor::Passkey,
            (0, true) => StrongestFactor::Totp,
            (0, false) => StrongestFactor::None,
        },
        last_seen_at: account.last_seen_at,
        sessions: person.sessions,
    }
}

impl Desk {
    /// A link's key, and what is kept of it.
    fn fresh_link(&self, agent: AgentId) -> (OneTimeKey, Link) {
        let key = OneTimeKey::generate(&*self.rng);
        let link = Link { agent, key: key.hash(), ends_at: self.now().plus(LINK_LIFE) };
        (key, link)
    }

    /// The link itself: shown once to the admin, kept nowhere. What stands behind `#` is never sent to a server.
    fn welcome_link(&self, key: &OneTimeKey) -> String {
        format!("{}/welcome#{}", self.settings.desk_origin, key.to_text())
    }
}
