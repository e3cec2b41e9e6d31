//! One's own second factors: setting them up and taking them away (A5).

use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey, PasskeyId};
use aside_desk_domain::{FactorName, PasskeyRecord, RECOVERY_CODES, SessionStage, TotpRecord};
use aside_desk_store::{NewFactor, SetUpFactor};
use aside_factor::{
    Challenge, CredentialId, RecoveryCode, RegistrationResponse, TotpSecret, User, creation_options, register, rows,
};
use aside_web::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use serde_json::{Value, json};

use super::second_step::{totp_place, user_handle, without_hyphens};
use super::view::session_cookie;
use crate::api::{self, Code, FactorAdded, Factors, NewPasskey, Passkey, PasswordAgain, RecoveryCodes, TotpFactor};
use crate::caller::{Address, Agent, Caller};
use crate::desk::Desk;
use crate::extract::Path;
use crate::pending::Ceremony;
use crate::refusal::{NotReady, Refusal};

/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

/// One's own second factors.
#[utoipa::path(get, path = "/api/factors", operation_id = "list_factors", tag = "account",
    responses((status = 200, body = Factors), (status = 401, description = "signed_out")))]
pub(crate) async fn list(State(desk): State<Arc<Desk>>, agent: Agent) -> Result<axum::Json<Factors>, Refusal> {
    let factors = desk.store.factors(agent.site(), agent.id()).await?;
    let passkey = |record: PasskeyRecord| Passkey {
        id: *record.id.as_uuid(),
        name: record.name,
        since: record.since,
        last_used_at: record.last_used_at,
    };
    Ok(axum::Json(Factors {
        totp: factors.totp.map(|totp| TotpFactor { since: totp.since }),
        passkeys: factors.passkeys.into_iter().map(passkey).collect(),
        recovery_codes_left: factors.recovery_codes_left,
    }))
}

/// Makes a secret for a code app, shown once. It counts when one of its codes was given.
#[utoipa::path(post, path = "/api/factors/totp", operation_id = "begin_totp", tag = "account", request_body = api::NewFactor,
    responses((status = 200, body = api::TotpSecret), (status = 401, description = "login_failed or signed_out"),
        (status = 422, description = "invalid"), (status = 423, description = "locked")))]
pub(crate) async fn begin_totp(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<api::NewFactor>,
) -> Result<axum::Json<api::TotpSecret>, Refusal> {
    let caller = desk.confirmed(caller, from, &given).await?;
    let secret = TotpSecret::generate(&*desk.rng);
    let brand = desk.brand(&caller).await?;
    let failed = |error: &dyn std::fmt::Display| Refusal::Failed(format!("a code app's secret: {error}"));
    let uri = secret.uri(&brand, caller.live.agent.name.as_str()).map_err(|error| failed(&error))?;
    let qr = rows(&uri).map_err(|error| failed(&error))?;
    let shown = api::TotpSecret { secret: secret.to_text().to_string(), uri: uri.to_string(), qr: qr.to_vec() };
    desk.pending.keep_secret(caller.session(), secret, desk.now());
    Ok(axum::Json(shown))
}

/// Confirms the code app with a code of it.
#[utoipa::path(post, path = "/api/factors/totp/confirm", operation_id = "confirm_totp", tag = "account", request_body = Code,
    responses((status = 200, body = FactorAdded), (status = 401, description = "wrong_code or signed_out"),
        (status = 409, description = "wrong_state"), (status = 423, description = "locked")))]
pub(crate) async fn confirm_totp(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<Code>,
) -> Result<Response, Refusal> {
    let caller = desk.at_factors(caller)?;
    let now = desk.now();
    let fresh = desk.pending.try_secret(caller.session(), now).ok_or(Refusal::WrongState("not_begun"))?;
    let (secret, left) = fresh;
    let step = secret.verify(&without_hyphens(&given.code), now, None).ok_or(Refusal::WrongCode(left))?;
    let sealed = desk.totp_key.seal(&totp_place(&caller), secret.as_bytes(), &*desk.rng);
    let sealed = sealed.map_err(|error| Refusal::Failed(error.to_string()))?;
    let factor = NewFactor::Totp(TotpRecord { sealed, since: now, last_step: step });
    let reply = desk.keep_factor(&caller, from, factor).await?;
    desk.pending.drop_secret(caller.session());
    Ok(reply)
}

/// Takes the code app away.
#[utoipa::path(post, path = "/api/factors/totp/remove", operation_id = "remove_totp", tag = "account", request_body = PasswordAgain,
    responses((status = 204), (status = 401, description = "login_failed or signed_out"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: last_factor"), (status = 423, description = "locked")))]
pub(crate) async fn remove_totp(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Agent,
    Json(given): Json<PasswordAgain>,
) -> Result<StatusCode, Refusal> {
    desk.confirm_password(&agent, from, &given.password).await?;
    desk.store.remove_factor(agent.site(), agent.id(), FactorName::Totp, agent.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a new passkey: what `navigator.credentials.create()` is to be called with.
#[utoipa::path(post, path = "/api/factors/passkeys/options", operation_id = "begin_passkey", tag = "account", request_body = api::NewFactor,
    responses((status = 200, body = Object, description = "`publicKey`: creation options"),
        (status = 401, description = "login_failed or signed_out"), (status = 422, description = "invalid"),
        (status = 423, description = "locked")))]
pub(crate) async fn begin_passkey(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<api::NewFactor>,
) -> Result<axum::Json<Value>, Refusal> {
    let caller = desk.confirmed(caller, from, &given).await?;
    let factors = desk.store.factors(caller.site(), caller.id()).await?;
    let known: Vec<CredentialId> =
        factors.passkeys.iter().filter_map(|record| CredentialId::from_bytes(&record.credential).ok()).collect();
    let agent = &caller.live.agent;
    let user =
        User { handle: user_handle(&caller), name: agent.name.as_str(), display_name: agent.display_name.as_str() };
    let challenge = Challenge::generate(&*desk.rng);
    let options = creation_options(desk.relying_party(), &desk.brand(&caller).await?, user, &challenge, &known);
    desk.pending.keep_challenge(caller.session(), Ceremony::Create, challenge, desk.now());
    Ok(axum::Json(json!({ "publicKey": options })))
}

/// Keeps a new passkey.
#[utoipa::path(post, path = "/api/factors/passkeys", operation_id = "add_passkey", tag = "account", request_body = NewPasskey,
    responses((status = 200, body = FactorAdded), (status = 401, description = "signed_out"), (status = 409, description = "wrong_state"),
        (status = 422, description = "invalid"), (status = 423, description = "locked")))]
pub(crate) async fn add_passkey(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<NewPasskey>,
) -> Result<Response, Refusal> {
    const WRONG: Refusal = Refusal::Invalid("credential", "This passkey cannot be taken.");
    let caller = desk.at_factors(caller)?;
    let name = given.name.trim().to_owned();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Refusal::Invalid("name", "A passkey's name has 1 to 60 characters."));
    }
    let now = desk.now();
    let challenge = desk.pending.take_challenge(caller.session(), Ceremony::Create, now);
    let challenge = challenge.ok_or(Refusal::WrongState("not_begun"))?;
    let response: RegistrationResponse = serde_json::from_value(given.credential).map_err(|_| WRONG)?;
    let passkey = register(desk.relying_party(), &challenge, &response).map_err(|error| {
        tracing::info!(reason = error.as_str(), "a new passkey was refused");
        WRONG
    })?;
    let record = PasskeyRecord {
        id: PasskeyId::generate(now, &*desk.rng),
        name,
        credential: passkey.id.as_bytes().to_vec(),
        public_key: passkey.public_key,
        counter: passkey.counter,
        backup_eligible: passkey.backup_eligible,
        since: now,
        last_used_at: None,
    };
    desk.keep_factor(&caller, from, NewFactor::Passkey(record)).await
}

/// Takes a passkey away.
#[utoipa::path(post, path = "/api/factors/passkeys/{id}/remove", operation_id = "remove_passkey", tag = "account",
    params(("id" = uuid::Uuid, Path)), request_body = PasswordAgain,
    responses((status = 204), (status = 401, description = "login_failed or signed_out"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: last_factor"), (status = 423, description = "locked")))]
pub(crate) async fn remove_passkey(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Agent,
    Path(id): Path<PasskeyId>,
    Json(given): Json<PasswordAgain>,
) -> Result<StatusCode, Refusal> {
    desk.confirm_password(&agent, from, &given.password).await?;
    desk.store.remove_factor(agent.site(), agent.id(), FactorName::Passkey(id), agent.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes fresh recovery codes; the former are void.
#[utoipa::path(post, path = "/api/factors/recovery", operation_id = "renew_recovery_codes", tag = "account", request_body = PasswordAgain,
    responses((status = 200, body = RecoveryCodes), (status = 401, description = "login_failed or signed_out"),
        (status = 404, description = "not_valid: no factor"), (status = 423, description = "locked")))]
pub(crate) async fn renew_recovery(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Agent,
    Json(given): Json<PasswordAgain>,
) -> Result<axum::Json<RecoveryCodes>, Refusal> {
    desk.confirm_password(&agent, from, &given.password).await?;
    let (recovery_codes, hashes) = desk.fresh_codes();
    desk.store.renew_recovery_codes(agent.site(), agent.id(), hashes, agent.by(&desk, from)).await?;
    Ok(axum::Json(RecoveryCodes { recovery_codes }))
}

impl Desk {
    /// A session in which factors may be set up: at that stage, or ready and unlocked.
    fn at_factors(&self, caller: Caller) -> Result<Caller, Refusal> {
        match caller.stage() {
            SessionStage::SetUpFactor => Ok(caller),
            SessionStage::Ready => caller.unlocked(self),
            stage => Err(Refusal::NotReady(NotReady::Unfinished(stage))),
        }
    }

    /// The same, and its person said the password again where the session is ready.
    async fn confirmed(&self, caller: Caller, from: Address, given: &api::NewFactor) -> Result<Caller, Refusal> {
        let caller = self.at_factors(caller)?;
        if caller.stage() == SessionStage::Ready {
            self.note_input(&caller).await?;
            let password = given.password.as_deref();
            let password = password.ok_or(Refusal::Invalid("password", "The password is asked for again."))?;
            self.confirm_password(&caller, from, password).await?;
        }
        Ok(caller)
    }

    async fn keep_factor(&self, caller: &Caller, from: Address, factor: NewFactor) -> Result<Response, Refusal> {
        let token = OneTimeKey::generate(&*self.rng);
        let (codes, recovery) = self.fresh_codes();
        let set_up = SetUpFactor {
            site: caller.site().clone(),
            session: caller.session(),
            factor,
            recovery,
            token: token.hash(),
            by: caller.by(self, from),
        };
        let set = self.store.set_up_factor(set_up).await?;
        let added =
            FactorAdded { recovery_codes: set.recovery_kept.then_some(codes), session: self.view(&set.live).await? };
        Ok(([(SET_COOKIE, session_cookie(&token)?)], axum::Json(added)).into_response())
    }

    fn fresh_codes(&self) -> (Vec<String>, Vec<KeyHash>) {
        let codes = (0..RECOVERY_CODES).map(|_| RecoveryCode::generate(&*self.rng));
        codes.map(|code| (code.to_text().to_string(), KeyHash(code.hash().0))).unzip()
    }

    async fn brand(&self, caller: &Caller) -> Result<String, Refusal> {
        let site = self.store.site(caller.site()).await?;
        Ok(site.ok_or_else(|| Refusal::Failed("an agent's site is gone".to_owned()))?.brand)
    }
}
