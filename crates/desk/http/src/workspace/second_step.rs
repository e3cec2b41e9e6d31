//! The second step of signing in: a code, a passkey or a recovery code (A5). A passkey unlocks a locked session too.

use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey};
use aside_desk_domain::{FactorProof, Factors, LiveSession, SessionStage, StepRefusal};
use aside_desk_store::{PassFactor, Unlock, VerbError};
use aside_factor::{
    AssertionResponse, Challenge, CredentialId, Passkey, RecoveryCode, RelyingParty, TotpSecret, UserHandle,
    request_options, verify,
};
use aside_web::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::api::{Code, PasskeyAssertion, SessionView};
use crate::caller::{Address, Caller};
use crate::desk::Desk;
use crate::pending::Ceremony;
use crate::refusal::Refusal;

/// Takes a code of the code app. Each works once.
#[utoipa::path(post, path = "/api/session/code", tag = "sign-in", request_body = Code,
    responses((status = 200, body = SessionView), (status = 401, description = "wrong_code or signed_out"),
        (status = 409, description = "wrong_state"), (status = 429, description = "locked")))]
pub(crate) async fn code(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<Code>,
) -> Result<Response, Refusal> {
    let caller = caller.at(SessionStage::SecondFactor)?;
    let left = desk.charge_factor(&caller, from).await?;
    let factors = desk.store.factors(caller.site(), caller.id()).await?;
    let step = desk.totp_step(&caller, &factors, &given.code)?;
    let proof = step.map(|step| FactorProof::Totp { step });
    pass(&desk, &caller, from, proof, left).await
}

/// Takes a recovery code. Each works once.
#[utoipa::path(post, path = "/api/session/recovery", tag = "sign-in", request_body = Code,
    responses((status = 200, body = SessionView), (status = 401, description = "wrong_code or signed_out"),
        (status = 409, description = "wrong_state"), (status = 429, description = "locked")))]
pub(crate) async fn recovery(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<Code>,
) -> Result<Response, Refusal> {
    let caller = caller.at(SessionStage::SecondFactor)?;
    let left = desk.charge_factor(&caller, from).await?;
    let proof = RecoveryCode::parse(&given.code).map(|code| FactorProof::RecoveryCode(KeyHash(code.hash().0)));
    pass(&desk, &caller, from, proof, left).await
}

/// Asks for a passkey: what the browser's `navigator.credentials.get()` is to be called with.
#[utoipa::path(post, path = "/api/session/passkey/options", tag = "sign-in",
    responses((status = 200, body = Object, description = "`publicKey`: request options"),
        (status = 401, description = "signed_out"), (status = 409, description = "wrong_state")))]
pub(crate) async fn passkey_options(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
) -> Result<axum::Json<Value>, Refusal> {
    let caller = wanting_passkey(&desk, caller)?;
    let factors = desk.store.factors(caller.site(), caller.id()).await?;
    let known: Vec<CredentialId> =
        factors.passkeys.iter().filter_map(|record| CredentialId::from_bytes(&record.credential).ok()).collect();
    if known.is_empty() {
        return Err(Refusal::WrongState("no_passkey"));
    }
    let challenge = Challenge::generate(&*desk.rng);
    let options = request_options(desk.relying_party(), &challenge, &known);
    desk.pending.keep_challenge(caller.session(), Ceremony::Show, challenge, desk.now());
    Ok(axum::Json(json!({ "publicKey": options })))
}

/// Takes a passkey's answer.
#[utoipa::path(post, path = "/api/session/passkey", tag = "sign-in", request_body = PasskeyAssertion,
    responses((status = 200, body = SessionView), (status = 401, description = "wrong_code or signed_out"),
        (status = 409, description = "wrong_state"), (status = 429, description = "locked")))]
pub(crate) async fn passkey(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<PasskeyAssertion>,
) -> Result<Response, Refusal> {
    let caller = wanting_passkey(&desk, caller)?;
    let left = desk.charge_factor(&caller, from).await?;
    let factors = desk.store.factors(caller.site(), caller.id()).await?;
    let proof = desk.passkey_proof(&caller, &factors, given.credential);
    if caller.stage() == SessionStage::SecondFactor {
        return pass(&desk, &caller, from, proof, left).await;
    }
    let Some(proof) = proof else { return Err(Refusal::WrongCode(left)) };
    let token = OneTimeKey::generate(&*desk.rng);
    let unlock = Unlock {
        site: caller.site().clone(),
        session: caller.session(),
        charge: None,
        proof: Some(proof),
        token: token.hash(),
        from: Some(from.0),
        now: desk.now(),
    };
    let live = stepped(desk.store.unlock_session(unlock).await, left)?;
    desk.errands.notify_one();
    desk.stepped(&live, &token).await
}

/// A session that a passkey takes further.
fn wanting_passkey(desk: &Desk, caller: Caller) -> Result<Caller, Refusal> {
    let locked = caller.stage() == SessionStage::Ready && caller.live.is_locked(desk.now());
    if locked { Ok(caller) } else { caller.at(SessionStage::SecondFactor) }
}

async fn pass(
    desk: &Desk,
    caller: &Caller,
    Address(from): Address,
    proof: Option<FactorProof>,
    left: u32,
) -> Result<Response, Refusal> {
    let Some(proof) = proof else { return Err(Refusal::WrongCode(left)) };
    let token = OneTimeKey::generate(&*desk.rng);
    let pass = PassFactor {
        site: caller.site().clone(),
        session: caller.session(),
        proof,
        token: token.hash(),
        from: Some(from),
        now: desk.now(),
    };
    let live = stepped(desk.store.pass_factor(pass).await, left)?;
    desk.stepped(&live, &token).await
}

fn stepped(done: Result<LiveSession, VerbError<StepRefusal>>, left: u32) -> Result<LiveSession, Refusal> {
    done.map_err(|error| match error {
        VerbError::Refused(StepRefusal::Session) => Refusal::SignedOut,
        // A code that was used before looks like any other wrong one.
        VerbError::Refused(StepRefusal::Factor | StepRefusal::FactorNeeded) => Refusal::WrongCode(left),
        VerbError::Store(error) => error.into(),
    })
}

impl Desk {
    /// Charges a try with a second factor, before it is looked at; answers how many are left.
    pub(super) async fn charge_factor(&self, caller: &Caller, Address(from): Address) -> Result<u32, Refusal> {
        let now = self.now();
        match self.store.take_factor_attempt(caller.site(), caller.id(), Some(from), now).await {
            Ok(left) => Ok(left),
            Err(VerbError::Refused(refusal)) => Err(Refusal::of_attempt(refusal, now)),
            Err(VerbError::Store(error)) => Err(error.into()),
        }
    }

    /// The time step whose code was given, if it is one of this person's and newer than the last one used.
    fn totp_step(&self, caller: &Caller, factors: &Factors, code: &str) -> Result<Option<u64>, Refusal> {
        let Some(record) = &factors.totp else { return Ok(None) };
        let unreadable = |error: &dyn std::fmt::Display| Refusal::Failed(format!("a code app's secret: {error}"));
        let bytes = self.totp_key.open(&totp_place(caller), &record.sealed).map_err(|error| unreadable(&error))?;
        let secret = TotpSecret::from_bytes(&bytes).map_err(|error| unreadable(&error))?;
        Ok(secret.verify(&without_hyphens(code), self.now(), Some(record.last_step)))
    }

    fn passkey_proof(&self, caller: &Caller, factors: &Factors, credential: Value) -> Option<FactorProof> {
        let challenge = self.pending.take_challenge(caller.session(), Ceremony::Show, self.now())?;
        let response: AssertionResponse = serde_json::from_value(credential).ok()?;
        let named = response.credential().ok()?;
        let record = factors.passkeys.iter().find(|record| record.credential == named.as_bytes())?;
        let passkey = Passkey {
            id: named,
            public_key: record.public_key.clone(),
            counter: record.counter,
            backup_eligible: record.backup_eligible,
        };
        match verify(self.relying_party(), &challenge, &passkey, user_handle(caller), &response) {
            Ok(counter) => Some(FactorProof::Passkey { id: record.id, counter }),
            Err(error) => {
                tracing::info!(reason = error.as_str(), "a passkey was refused");
                None
            }
        }
    }

    /// The desk's host, for passkeys; no page frames it.
    pub(super) const fn relying_party(&self) -> RelyingParty<'_> {
        RelyingParty { origin: &self.settings.desk_origin, framed_by: None }
    }
}

/// Where a code app's secret belongs: sealed for one account, it opens for no other.
pub(super) fn totp_place(caller: &Caller) -> [&[u8]; 2] {
    [caller.site().as_str().as_bytes(), caller.live.agent.id.as_uuid().as_bytes()]
}

/// What authenticators call a person: the account's id.
pub(super) fn user_handle(caller: &Caller) -> UserHandle {
    UserHandle(*caller.id().as_uuid().as_bytes())
}

/// People type hyphens where blanks stood.
pub(super) fn without_hyphens(code: &str) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(code.replace('-', " "))
}
