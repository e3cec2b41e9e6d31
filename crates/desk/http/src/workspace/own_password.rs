//! One's own password: changing it, and saying it again before something that matters.

use std::sync::Arc;

use aside_base::{AgentId, OneTimeKey, SiteId};
use aside_desk_domain::{
    Agent, EndReason, PasswordFault, PasswordHash, PasswordRefusal, RefusalKind, RefusalMinute, SessionStage,
};
use aside_desk_store::{ChangePassword, VerbError};
use aside_web::Json;
use axum::extract::State;
use axum::response::Response;
use zeroize::Zeroizing;

use crate::api::{PasswordChange, SessionView};
use crate::caller::{Address, Caller};
use crate::desk::Desk;
use crate::password;
use crate::refusal::{NotReady, Refusal};

/// Changes one's own password. One's other sessions end.
#[utoipa::path(post, path = "/api/session/password", tag = "sign-in", request_body = PasswordChange,
    responses((status = 200, body = SessionView), (status = 401, description = "login_failed or signed_out"),
        (status = 422, description = "invalid, with `reasons`"), (status = 423, description = "locked")))]
pub(crate) async fn change(
    State(desk): State<Arc<Desk>>,
    from: Address,
    caller: Caller,
    Json(given): Json<PasswordChange>,
) -> Result<Response, Refusal> {
    match caller.stage() {
        SessionStage::NewPassword => {}
        SessionStage::Ready => desk.note_input(&caller).await?,
        stage => return Err(Refusal::NotReady(NotReady::Unfinished(stage))),
    }
    let caller = caller.unlocked(&desk)?;
    let current = desk.confirm_password(&caller, from, &given.current).await?;
    let new = desk.new_password(caller.site(), &caller.live.agent, "new", &given.new).await?;
    let token = OneTimeKey::generate(&*desk.rng);
    let change = ChangePassword {
        site: caller.site().clone(),
        session: caller.session(),
        current,
        new,
        token: token.hash(),
        from: Some(from.0),
        now: desk.now(),
    };
    let changed = match desk.store.change_password(change).await {
        Ok(changed) => changed,
        Err(VerbError::Refused(PasswordRefusal::Session)) => return Err(Refusal::SignedOut),
        Err(VerbError::Refused(PasswordRefusal::Changed)) => return Err(Refusal::LoginFailed(false)),
        Err(VerbError::Refused(PasswordRefusal::TooManyChanges)) => {
            return Err(Refusal::Password("new", vec![PasswordFault::TooManyChanges]));
        }
        Err(VerbError::Store(error)) => return Err(error.into()),
    };
    desk.tell_aftermath(caller.site(), &changed.aftermath);
    desk.stepped(&changed.live, &token).await
}

impl Desk {
    /// The hash that the password of whoever is signed in fits. Whoever found an open console and guesses gets five tries:
    /// then it locks, or ends where it was not ready yet.
    pub(super) async fn confirm_password(
        &self,
        caller: &Caller,
        from: Address,
        given: &str,
    ) -> Result<PasswordHash, Refusal> {
        let found = self.store.credentials_of(caller.site(), caller.id()).await?;
        let stored = found.as_ref().and_then(|found| found.usable()).cloned();
        let turn = self.passwords.turn().await?;
        // Charged before it is looked at, as every try is.
        if !self.pending.charge_password(caller.session(), self.now()) {
            return Err(self.stop_guessing(caller, from).await?);
        }
        let phc = stored.as_ref().map(|hash| hash.as_phc().to_owned());
        let checked = self.passwords.check(turn, Zeroizing::new(given.to_owned()), phc).await?;
        match stored.filter(|_| checked.is_right()) {
            Some(hash) => {
                self.pending.refund_passwords(caller.session());
                Ok(hash)
            }
            None => {
                let row = RefusalMinute::of(RefusalKind::Login, from.0, self.now()).aimed_at(caller.id());
                self.refusals.count_row(row);
                if self.pending.is_out_of_passwords(caller.session()) {
                    return Err(self.stop_guessing(caller, from).await?);
                }
                Err(Refusal::LoginFailed(false))
            }
        }
    }

    async fn stop_guessing(&self, caller: &Caller, from: Address) -> Result<Refusal, Refusal> {
        self.pending.refund_passwords(caller.session());
        if caller.stage() == SessionStage::Ready {
            self.lock(caller, from).await?;
            return Ok(Refusal::NotReady(NotReady::Locked));
        }
        self.end(caller, caller.session(), EndReason::Logout, Some(from.0)).await?;
        Ok(Refusal::SignedOut)
    }

    /// The hash of a new password, if it breaks no rule of its site and is none of the person's last ones.
    pub(super) async fn new_password(
        &self,
        site: &SiteId,
        agent: &Agent,
        field: &'static str,
        given: &str,
    ) -> Result<PasswordHash, Refusal> {
        let clear = Zeroizing::new(given.to_owned());
        let mut faults = self.faults(site, agent, &clear).await?;
        // Only of what could be taken otherwise: each former one costs a turn at the hasher.
        if faults.is_empty() && self.was_used(site, agent.id, &clear).await? {
            faults.push(PasswordFault::UsedBefore);
        }
        if !faults.is_empty() {
            return Err(Refusal::Password(field, faults));
        }
        Ok(PasswordHash::from_phc(self.passwords.hash(clear).await?))
    }

    async fn faults(
        &self,
        site: &SiteId,
        agent: &Agent,
        clear: &Zeroizing<String>,
    ) -> Result<Vec<PasswordFault>, Refusal> {
        let rules = self.policy(site).await?.password;
        let brand = self.store.site(site).await?.map_or_else(String::new, |site| site.brand);
        let (agent, clear) = (agent.clone(), clear.clone());
        let looked = tokio::task::spawn_blocking(move || {
            password::faults(&clear, &rules, &[agent.name.as_str(), agent.display_name.as_str(), &brand])
        });
        looked.await.map_err(|_| Refusal::Busy(5))
    }

    async fn was_used(&self, site: &SiteId, agent: AgentId, clear: &Zeroizing<String>) -> Result<bool, Refusal> {
        let former = self.store.former_passwords(site, agent).await?;
        let former: Vec<String> = former.iter().map(|hash| hash.as_phc().to_owned()).collect();
        Ok(self.passwords.is_any_of(clear.clone(), former).await?)
    }
}
