//! Profiles: what people of a role may do (A1).

use std::sync::Arc;

use aside_base::ProfileId;
use aside_desk_domain::{self as domain, ProfileNameError};
use aside_desk_store::ProfileUse;
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{NewProfile, Profile, ProfileChange};
use crate::caller::{Address, Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::extract::Path;
use crate::may::ManagePeople;
use crate::refusal::Refusal;
use crate::shown;

/// The site's profiles: the built-in ones by role, then the others by name.
#[utoipa::path(get, path = "/api/profiles", operation_id = "list_profiles", tag = "admin",
    responses((status = 200, body = Vec<Profile>), (status = 403, description = "not_allowed")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    reads: PersonOrKey<ManagePeople>,
) -> Result<axum::Json<Vec<Profile>>, Refusal> {
    let found = desk.store.profiles(&reads.site).await?;
    Ok(axum::Json(found.into_iter().map(shown_profile).collect()))
}

/// Makes a profile inside a role.
#[utoipa::path(post, path = "/api/profiles", operation_id = "create_profile", tag = "admin", request_body = NewProfile,
    responses((status = 200, body = Profile), (status = 403, description = "not_allowed"),
        (status = 409, description = "wrong_state: too_many"), (status = 422, description = "invalid")))]
pub(crate) async fn create(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Json(new): Json<NewProfile>,
) -> Result<axum::Json<Profile>, Refusal> {
    let profile = domain::Profile {
        id: ProfileId::generate(desk.now(), &*desk.rng),
        site: admin.site().clone(),
        role: shown::role_of(new.role),
        name: new.name.parse().map_err(wrong_name)?,
        permissions: shown::permissions_of(&new.permissions),
    };
    let made = ProfileUse { profile: profile.clone(), people: 0 };
    desk.store.create_profile(profile, admin.by(&desk, from)).await?;
    Ok(axum::Json(shown_profile(made)))
}

/// Changes a profile, for all who have it. It holds at once, in open sessions too.
#[utoipa::path(put, path = "/api/profiles/{id}", operation_id = "change_profile", tag = "admin", params(("id" = uuid::Uuid, Path)),
    request_body = ProfileChange, responses((status = 200, body = Profile), (status = 403, description = "not_allowed"),
        (status = 404, description = "not_valid"), (status = 409, description = "wrong_state: built_in, own, last_manager"),
        (status = 422, description = "invalid")))]
pub(crate) async fn change(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<ProfileId>,
    Json(change): Json<ProfileChange>,
) -> Result<axum::Json<Profile>, Refusal> {
    let former = desk.profile(&admin, id).await?;
    let profile = domain::Profile {
        name: change.name.parse().map_err(wrong_name)?,
        permissions: shown::permissions_of(&change.permissions),
        ..former.profile
    };
    let aftermath = desk.store.change_profile(profile, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(axum::Json(shown_profile(desk.profile(&admin, id).await?)))
}

/// Deletes a profile that nobody has.
#[utoipa::path(delete, path = "/api/profiles/{id}", operation_id = "delete_profile", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: built_in, in_use")))]
pub(crate) async fn delete(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManagePeople>,
    Path(id): Path<ProfileId>,
) -> Result<StatusCode, Refusal> {
    desk.store.delete_profile(admin.site(), id, admin.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn wrong_name(_: ProfileNameError) -> Refusal {
    Refusal::Invalid("name", "A profile's name has 1 to 60 characters, none of them control characters.")
}

fn shown_profile(found: ProfileUse) -> Profile {
    let profile = found.profile;
    Profile {
        id: *profile.id.as_uuid(),
        role: shown::role(profile.role),
        built_in: profile.is_built_in(),
        permissions: shown::permissions(profile.permissions),
        ceiling: shown::permissions(profile.role.ceiling()),
        name: profile.name.as_str().to_owned(),
        people: found.people,
    }
}

impl Desk {
    async fn profile(&self, admin: &Allowed<ManagePeople>, id: ProfileId) -> Result<ProfileUse, Refusal> {
        let all = self.store.profiles(admin.site()).await?;
        all.into_iter().find(|found| found.profile.id == id).ok_or(Refusal::NotFound)
    }
}
