//! Second factors as an agent shows them (A5), verified by the vault itself against what it keeps itself.

use aside_base::{AgentId, KeyHash, Timestamp};
use aside_factor::{
    AssertionResponse, Challenge, CredentialId, Passkey, RelyingParty, TotpSecret, UserHandle, request_options, verify,
};
use aside_vault_domain::{Factors, Lease, NoRight, Proof, Refusal, Session};
use aside_vault_store::{Error, Result};
use serde_json::Value;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::browser::Browser;
use crate::Vault;
use crate::asked::Reason;
use crate::desk::Desk;
use crate::site_keys::failed;

/// The agent in front of this browser: enrolled for a session that lives, with its lease and its right, and is not locked.
pub(super) struct Owner {
    pub(super) viewer: KeyHash,
    pub(super) session: Session,
    pub(super) agent: AgentId,
    pub(super) lease: Lease,
    pub(super) factors: Factors,
}

impl Owner {
    /// Who this browser is.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] and [`Refusal::Locked`].
    pub(super) async fn of(vault: &Vault, browser: &Browser) -> Result<Self> {
        let nobody = Refusal::NoRight(NoRight::OtherBrowser);
        let viewer = browser.viewer.ok_or(nobody)?;
        let session = vault.store.session_of_viewer(viewer).await?.ok_or(nobody)?;
        let lease = vault.leases.of(&session.site, session.id, browser.now);
        session.check_seeing(lease)?;
        let agent = session.agent.ok_or(nobody)?;
        let factors = vault.store.factors(session.site.clone(), agent).await?;
        Ok(Self { viewer, session, agent, lease, factors })
    }

    /// Whether another factor may be set up now.
    pub(super) fn may_add(&self, now: Timestamp) -> bool {
        self.factors.is_empty() || self.session.confirmation(now).is_some()
    }

    /// The agent, as passkeys name people.
    pub(super) fn handle(&self) -> UserHandle {
        UserHandle(self.agent.as_uuid().into_bytes())
    }

    /// The passkeys there are, set up at `latest` at the latest where that matters.
    pub(super) fn passkeys(&self, latest: Option<Timestamp>) -> Vec<CredentialId> {
        let usable = |since: Timestamp| latest.is_none_or(|latest| since <= latest);
        let passkeys = self.factors.passkeys.iter().filter(|passkey| usable(passkey.since));
        passkeys.filter_map(|passkey| CredentialId::from_bytes(&passkey.id).ok()).collect()
    }

    /// The proof in a code that was typed.
    pub(super) async fn code(&self, vault: &Vault, code: &str, now: Timestamp) -> Result<Proof> {
        let app = self.factors.code.as_ref().ok_or(Refusal::NoFactor)?;
        let key = vault.keys.version(vault.store.as_ref(), &self.session.site, app.secret.version).await?;
        let secret = key.open_code_secret(self.agent, &app.secret.sealed).map_err(|error| failed(&error))?;
        let secret = TotpSecret::from_bytes(&secret).map_err(|error| Error::Failed(error.to_string()))?;
        let step = secret.verify(code, now, Some(app.last_step));
        Ok(step.map_or(Proof::WrongCode, |step| Proof::Code { since: app.since, step }))
    }

    /// Asks the browser for a passkey of this agent.
    pub(super) fn ask(
        &self,
        vault: &Vault,
        reason: Reason,
        latest: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Value> {
        let passkeys = self.passkeys(latest);
        if passkeys.is_empty() {
            return Err(Refusal::NoFactor.into());
        }
        let challenge = Challenge::generate(vault.rng.as_ref());
        let desk = self.desk(vault)?;
        let options = request_options(party(vault, &desk), &challenge, &passkeys);
        vault.asked.challenge(self.viewer, reason, challenge, now);
        Ok(options)
    }

    /// The proof in a passkey's answer to [`Self::ask`].
    pub(super) fn passkey(
        &self,
        vault: &Vault,
        reason: Reason,
        credential: &AssertionResponse,
        now: Timestamp,
    ) -> Result<Proof> {
        // Taken before anything of the answer is looked at.
        let challenge = vault.asked.take_challenge(self.viewer, reason, now).ok_or(Refusal::NotValid)?;
        let id = credential.credential().map_err(|_| Refusal::NotValid)?;
        let kept = self.factors.passkeys.iter().find(|passkey| passkey.id == id.as_bytes());
        let kept = kept.ok_or(Refusal::NoFactor)?;
        let passkey = Passkey {
            id,
            public_key: kept.public_key.clone(),
            counter: kept.counter,
            backup_eligible: kept.backup_eligible,
        };
        let desk = self.desk(vault)?;
        Ok(match verify(party(vault, &desk), &challenge, &passkey, self.handle(), credential) {
            Ok(counter) => Proof::Passkey { id: kept.id.clone(), counter },
            // The record says so too: a copied key must be found.
            Err(error) => Proof::WrongPasskey { reason: error.as_str() },
        })
    }

    /// The desk whose page frames this one.
    pub(super) fn desk(&self, vault: &Vault) -> Result<std::sync::Arc<Desk>> {
        vault.desks.by_site(&self.session.site).ok_or(Refusal::NotValid.into())
    }
}

/// The vault as passkeys know it: its own host, framed by that desk alone.
pub(super) fn party<'a>(vault: &'a Vault, desk: &'a Desk) -> RelyingParty<'a> {
    RelyingParty { origin: &vault.origin, framed_by: Some(&desk.desk_origin) }
}

/// What was typed, without the spaces that apps show; never longer than a code with some.
pub(super) fn typed(code: String) -> Result<Zeroizing<String>> {
    let code = Zeroizing::new(code);
    if code.len() > 20 { Err(Refusal::Invalid("code").into()) } else { Ok(code) }
}

/// What a browser writes of a new passkey, as far as it is read: base64url texts.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "documents what aside-factor reads")]
pub(super) struct Registration {
    raw_id: String,
    #[schema(rename = "type")]
    kind: String,
    response: RegistrationParts,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what aside-factor reads")]
struct RegistrationParts {
    #[schema(rename = "clientDataJSON")]
    client_data: String,
    #[schema(rename = "attestationObject")]
    attestation_object: String,
}

/// What a browser writes of a passkey's signature, as far as it is read: base64url texts.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "documents what aside-factor reads")]
pub(super) struct Assertion {
    raw_id: String,
    #[schema(rename = "type")]
    kind: String,
    response: AssertionParts,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what aside-factor reads")]
struct AssertionParts {
    #[schema(rename = "clientDataJSON")]
    client_data: String,
    #[schema(rename = "authenticatorData")]
    authenticator_data: String,
    signature: String,
    #[schema(rename = "userHandle")]
    user_handle: Option<String>,
}
