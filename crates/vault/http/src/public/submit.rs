//! `POST /form/{invitation}` (steps 3 and 4): the answers come in, are checked, sealed and kept, once. The only place where
//! what a visitor typed enters the house.

use std::sync::Arc;

use aside_base::{InvitationId, OneTimeKey, Secret};
use aside_form::{AnswerFault, Given};
use aside_vault_domain::{Refusal, Repeat};
use aside_vault_pages as pages;
use aside_vault_store::{Error, Submit, SubmitOutcome};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use tracing::Instrument as _;
use utoipa::ToSchema;

use super::browser::Browser;
use super::refusal::Refused;
use super::seal::{InMemory, seal};
use super::segment::Segment;
use super::typed::typed;
use super::{form, reply};
use crate::Vault;
use crate::body::{self, Raw};
use crate::setting::Setting;

/// A form that was filled in: beside the key one field `q-<question>` for each answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents a body that is read where it is wiped")]
struct FilledIn {
    /// The `submit` key that the form holds.
    otk: String,
    /// Instead of the fields: the name of the key that they are sealed to (`GET /form/key`).
    key: Option<String>,
    /// Instead of the fields: all of them, sealed.
    sealed: Option<String>,
}

/// `POST /form/{invitation}`: the answers.
#[utoipa::path(post, path = "/form/{invitation}", tag = "pages", params(("invitation" = String, Path, description = "The invitation.")),
    request_body(content = FilledIn, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "It is sent, where cookies do not stick."), (status = 303, description = "It is sent."),
        (status = 404, description = "Not valid."), (status = 409, description = "Another device has the form; `unknown_key`: fetch the key and seal again, nothing was changed."),
        (status = 410, description = "Used, answered, expired or taken back."),
        (status = 422, description = "The form again, with what to fix.")))]
pub(super) async fn submit(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Segment(id): Segment,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let response = match body::read(&headers, body).await {
        Ok(raw) => {
            // On its own: a browser that breaks the connection off must not leave a submission behind whose off-the-record
            // answers were wiped on the way (edge case 13).
            let receiving = async move { received(&vault, &browser, &id, raw).await };
            match tokio::spawn(receiving.in_current_span()).await {
                Ok(response) => response,
                Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
            }
        }
        Err(error) => Refused::unknown("submit").body(&vault, &browser, error).await,
    };
    reply::last_on_connection(response)
}

async fn received(vault: &Vault, browser: &Browser, id: &str, raw: Raw) -> Response {
    let refused = Refused::unknown("submit");
    let (invitation, key) = match (form::named(id), raw.key()) {
        (Some(invitation), Ok(Some(key))) => (invitation, key),
        (_, Ok(_)) => return refused.page(vault, browser, Refusal::NotValid.into()).await,
        (_, Err(error)) => return refused.body(vault, browser, error).await,
    };
    let (setting, verdict) = match looked_up(vault, browser, invitation, &key).await {
        Ok(found) => found,
        Err(error) => return refused.page(vault, browser, error).await,
    };
    let refused = Refused { act: "submit", setting: Some(&setting), ask: None };
    match verdict {
        Ok(Repeat::First) => {}
        // The reply to the first was lost; the body is dropped as it came, undecoded.
        Ok(Repeat::AlreadySent) => return sent(vault, browser, &setting),
        Err(refusal) => return refused.page(vault, browser, refusal.into()).await,
    }
    let answers = match typed(vault, invitation, &key, &raw, browser.now) {
        Ok(answers) => answers,
        Err(untaken) => return untaken.reply(vault, browser, &refused).await,
    };
    drop(raw);
    match keep(vault, browser, &setting, &key, &answers).await {
        Ok(Kept::Sent(setting)) => sent(vault, browser, &setting),
        Ok(Kept::Faulty(faults)) => again(vault, browser, &setting, &key, &answers, &faults),
        Err(error) => refused.page(vault, browser, error).await,
    }
}

/// What the key says, before anything else is looked at.
///
/// # Errors
/// For a key that is none of this invitation's, and for a browser that must not learn more.
async fn looked_up(
    vault: &Vault,
    browser: &Browser,
    invitation: InvitationId,
    key: &OneTimeKey,
) -> Result<(Setting, Result<Repeat, Refusal>), Error> {
    let found = vault.store.find_submit_key(key.hash()).await?;
    if found.invitation.id != invitation {
        return Err(Refusal::NotValid.into());
    }
    let verdict = found.invitation.check_submit(&found.otk, browser.device, browser.now);
    if verdict == Err(Refusal::NotValid) {
        return Err(Refusal::NotValid.into());
    }
    Ok((vault.setting(found.invitation).await?, verdict))
}

enum Kept {
    Sent(Box<Setting>),
    Faulty(Vec<AnswerFault>),
}

async fn keep(
    vault: &Vault,
    browser: &Browser,
    setting: &Setting,
    key: &OneTimeKey,
    typed: &[(String, Secret)],
) -> Result<Kept, Error> {
    let given: Vec<Given<'_>> =
        typed.iter().map(|(question, value)| Given { question, value: expose(value) }).collect();
    let answers = match aside_form::parse(setting.definition.definition(), &given, browser.now) {
        Ok(answers) => answers,
        Err(faults) => return Ok(Kept::Faulty(faults)),
    };
    let invitation = &setting.invitation;
    let sealed = seal(vault, setting, answers, browser.now).await?;
    if !sealed.off_the_record.is_empty() {
        // Reserved when the form opened; reserved again here because a restart may have come between.
        form::reserve(vault, setting, invitation.deadline, browser.now)?;
    }
    let (submission, off_the_record) = (sealed.submission, sealed.off_the_record);
    let in_memory = InMemory::put(vault, invitation.id, submission.id, off_the_record, browser.now)?;
    let gone_at = in_memory.gone_at;
    let command = Submit { invitation: invitation.id, key: key.hash(), device: browser.device, submission, gone_at };
    match vault.store.submit(browser.visits(), command).await? {
        SubmitOutcome::First(invitation) => {
            in_memory.keep();
            Ok(Kept::Sent(Box::new(setting.with(invitation))))
        }
        // Another request of this device won the race with the same key; its answers are the ones.
        SubmitOutcome::AlreadySent(invitation) => Ok(Kept::Sent(Box::new(vault.setting(invitation).await?))),
    }
}

fn expose(answer: &Secret) -> &str {
    #[expect(clippy::disallowed_methods, reason = "the parser checks what was typed")]
    answer.expose()
}

/// Sent: to the confirmation's own address where the device cookie opens it, else the confirmation itself.
fn sent(vault: &Vault, browser: &Browser, setting: &Setting) -> Response {
    if setting.invitation.device.is_some() {
        reply::see_other(&format!("{}/sent", form::path(setting.invitation.id)))
    } else {
        form::sent_page(vault, browser, setting)
    }
}

/// The form once more, with what is wrong. The key is unused and good for the next try.
fn again(
    vault: &Vault,
    browser: &Browser,
    setting: &Setting,
    key: &OneTimeKey,
    typed: &[(String, Secret)],
    faults: &[AnswerFault],
) -> Response {
    let definition = setting.definition.definition();
    // Decided here and once more by the page: nothing sensitive goes back, not even to the browser it came from.
    let echoes: Vec<pages::Echo<'_>> = typed
        .iter()
        .filter(|(question, _)| definition.question(question).is_some_and(aside_form::Question::echoable))
        .map(|(question, text)| pages::Echo { question, text })
        .collect();
    form::page(vault, browser, setting, key, StatusCode::UNPROCESSABLE_ENTITY, faults, &echoes)
}
