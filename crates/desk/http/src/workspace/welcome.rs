//! Links by which a person sets a password: at an invitation, and when it was forgotten (A2). The key stands behind the `#`
//! of the link, so that no log and no proxy sees it; it comes here in a body, and only its hash is looked for.

use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey};
use aside_desk_domain::{LinkRefusal, RefusalKind};
use aside_desk_store::{LinkHolder, VerbError};
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{WelcomeKey, WelcomePassword, Welcomed};
use crate::caller::Address;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::shown;

/// Whom a link is for.
#[utoipa::path(post, path = "/api/welcome/look", tag = "sign-in", request_body = WelcomeKey,
    responses((status = 200, body = Welcomed), (status = 404, description = "not_valid: wrong, used, void or too old"),
        (status = 429, description = "busy")))]
pub(crate) async fn look(
    State(desk): State<Arc<Desk>>,
    from: Address,
    Json(given): Json<WelcomeKey>,
) -> Result<axum::Json<Welcomed>, Refusal> {
    let (_, LinkHolder { agent, .. }) = desk.holder(from, &given.key).await?;
    let site = desk.store.site(&agent.site).await?.ok_or(Refusal::NotFound)?;
    let policy = desk.policy(&agent.site).await?;
    Ok(axum::Json(Welcomed {
        site: site.id,
        name: agent.name.as_str().to_owned(),
        display_name: agent.display_name.as_str().to_owned(),
        brand: site.brand,
        policy: shown::password_rules(&policy.password),
    }))
}

/// Sets the password and uses the link up. The person's sessions end.
#[utoipa::path(post, path = "/api/welcome", tag = "sign-in", request_body = WelcomePassword,
    responses((status = 204), (status = 404, description = "not_valid: wrong, used, void or too old"),
        (status = 422, description = "invalid, with `reasons`"), (status = 429, description = "busy")))]
pub(crate) async fn set_password(
    State(desk): State<Arc<Desk>>,
    from: Address,
    Json(given): Json<WelcomePassword>,
) -> Result<StatusCode, Refusal> {
    let (key, LinkHolder { agent, .. }) = desk.holder(from, &given.key).await?;
    let password = desk.new_password(&agent.site, &agent, "password", &given.password).await?;
    let aftermath = match desk.store.use_link(key, password, Some(from.0), desk.now()).await {
        Ok(aftermath) => aftermath,
        Err(VerbError::Refused(LinkRefusal::Gone)) => return Err(Refusal::NotFound),
        Err(VerbError::Store(error)) => return Err(error.into()),
    };
    desk.tell_aftermath(&agent.site, &aftermath);
    Ok(StatusCode::NO_CONTENT)
}

impl Desk {
    async fn holder(&self, from: Address, key: &str) -> Result<(KeyHash, LinkHolder), Refusal> {
        if let Err(limit) = self.logins.check(&from.prefix()) {
            self.count(RefusalKind::Rate, from.0);
            return Err(limit.into());
        }
        let key = key.parse::<OneTimeKey>().map(|key| key.hash());
        let holder = match key {
            Ok(key) => self.store.link_holder(key, self.now()).await?.map(|holder| (key, holder)),
            Err(_) => None,
        };
        if holder.is_none() {
            self.count(RefusalKind::Login, from.0);
        }
        holder.ok_or(Refusal::NotFound)
    }
}
