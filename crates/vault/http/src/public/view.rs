//! The answers on the agent's screen (step 7): shown masked, revealed one by one, put away. No audit row, no answer.

use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey, Secret, SessionId, SubmissionId};
use aside_form::Kind;
use aside_vault_domain::{Lease, NoRight, Refusal, Sight, ViewId};
use aside_vault_pages::{CouldNotLoad, HistoryNote, HistoryWhy, Proofs, Row, State as Held, View};
use aside_vault_store::{Answers, Error, Reveal, ViewAnswers};
use aside_web::{Form, Json, Problem};
use aside_wire::HistoryReason;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::browser::Browser;
use super::reply;
use super::seal::unseal;
use super::viewer::call_problem;
use crate::Vault;
use crate::screen::{Screen, Shown};

/// So long a revealed answer stays on the screen, in seconds.
const REVEAL_SECONDS: u32 = 20;

/// The body of [`open`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[schema(value_type = uuid::Uuid)]
    submission: SubmissionId,
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    otk: OneTimeKey,
}

/// `POST /view`: consumes the `view` key together with the viewer cookie, and shows the answers.
#[utoipa::path(post, path = "/view", tag = "pages",
    request_body(content = Wanted, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The answers."), (status = 403, description = "No right, or not our own page."),
        (status = 404, description = "Not valid."), (status = 410, description = "The key was used or is late.")))]
pub(super) async fn open(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    form: Result<Form<Wanted>, Problem>,
) -> Response {
    let opened = async {
        let Form(wanted) = form.map_err(|_| Refusal::NotValid)?;
        let viewer = browser.viewer.ok_or(Refusal::NoRight(NoRight::OtherBrowser))?;
        shown(&vault, &browser, viewer, wanted).await
    };
    let response = match opened.await {
        Ok(response) => response,
        Err(error) => could_not_load(&vault, &browser, error),
    };
    reply::keep_opener(reply::last_on_connection(response))
}

async fn shown(vault: &Vault, browser: &Browser, viewer: KeyHash, wanted: Wanted) -> Result<Response, Error> {
    let session = vault.store.session_of_viewer(viewer).await?.ok_or(Refusal::NoRight(NoRight::OtherBrowser))?;
    let lease = vault.leases.of(&session.site, session.id, browser.now);
    // Nothing is used up and nothing counts as read while nothing can be opened.
    vault.require_key(&session.site).await?;
    let view = ViewId::generate(browser.now, vault.rng.as_ref());
    vault.screens.open(view, Screen { viewer, site: session.site.clone(), session: session.id, agent: session.agent });
    let on_screen = OnScreen { vault, view, shown: false };
    let command = ViewAnswers { key: wanted.otk.hash(), submission: wanted.submission, viewer, lease, view };
    let answers = vault.store.view(browser.views(), command).await?;
    vault.screens.close(&answers.closed);
    vault.screens.shows(view, Shown::of(&answers.view, &answers.invitation, browser.now));
    let response = page(vault, browser, view, &answers).await?;
    // The right may have ended while the page was made.
    if vault.screens.find(view, viewer).is_none() {
        return Err(Refusal::NoRight(NoRight::ViewClosed).into());
    }
    on_screen.shown();
    Ok(response)
}

/// A view that counts as on screen while it is being opened; it is taken off again unless it was shown.
struct OnScreen<'v> {
    vault: &'v Vault,
    view: ViewId,
    shown: bool,
}

impl OnScreen<'_> {
    fn shown(mut self) {
        self.shown = true;
    }
}

impl Drop for OnScreen<'_> {
    fn drop(&mut self) {
        if !self.shown {
            self.vault.screens.close(&[self.view]);
        }
    }
}

async fn page(vault: &Vault, browser: &Browser, view: ViewId, answers: &Answers) -> Result<Response, Error> {
    let setting = vault.setting(answers.invitation.clone()).await?;
    let definition = setting.definition.definition();
    // Only what the page may show something of is opened at all; the rest stays sealed until it is revealed.
    let shows = |id: &str| {
        definition.question(id).is_some_and(|question| !question.sensitive() || question.kind == Kind::CardNumber)
    };
    let submission = answers.view.submission;
    let clear =
        unseal(vault, &setting.invitation.site, submission, &answers.data_keys, &answers.answers, shows).await?;
    let rows: Vec<Row<'_>> = definition
        .questions
        .iter()
        .map(|question| Row { question, state: held(vault, browser, answers, &clear, &question.id) })
        .collect();
    let view = view.to_string();
    let shown = View {
        locale: &browser.language,
        desk: &setting.desk.desk_origin,
        view: &view,
        agent: &answers.session.agent_name,
        at: browser.now,
        title: &definition.title,
        reference: setting.invitation.reference.as_str(),
        card_numbers: answers.session.rights.card_numbers,
        copy: answers.session.rights.copy,
        history: match &answers.view.sight {
            Sight::Sender => None,
            Sight::History(stated) => {
                Some(HistoryNote { why: why(stated.reason), reference: stated.reference.as_deref() })
            }
        },
        proofs: Proofs { code: answers.usable.code, passkey: answers.usable.passkeys },
        rows: &rows,
    };
    Ok(reply::page(StatusCode::OK, vault.pages.view(&shown), &[&setting.desk.desk_origin]))
}

const fn why(reason: HistoryReason) -> HistoryWhy {
    match reason {
        HistoryReason::Dispute => HistoryWhy::Dispute,
        HistoryReason::FraudCheck => HistoryWhy::FraudCheck,
        HistoryReason::LegalRequest => HistoryWhy::LegalRequest,
        HistoryReason::SubjectRequest => HistoryWhy::SubjectRequest,
        HistoryReason::QualityCheck => HistoryWhy::QualityCheck,
    }
}

/// What is there of one answer.
fn held<'a>(
    vault: &Vault,
    browser: &Browser,
    answers: &Answers,
    clear: &'a [(String, Secret)],
    question: &str,
) -> Held<'a> {
    let Some(answer) = answers.answers.iter().find(|answer| answer.question == question) else { return Held::NotGiven };
    if answer.sealed.is_some() {
        let secret = clear.iter().find(|(id, _)| id == question).map(|(_, secret)| secret);
        return secret.map_or(Held::Sealed, Held::Held);
    }
    if answer.erased_at.is_some() {
        return Held::Erased;
    }
    if answers.view.sight != Sight::Sender {
        return Held::NotKept;
    }
    match vault.memory.gone_at(answers.view.submission, browser.now) {
        Some(gone_at) => Held::InMemory { seconds: browser.now.seconds_until(gone_at) },
        None => Held::Gone,
    }
}

/// One clear sentence, and no reason: the audit row knows it (S8).
fn could_not_load(vault: &Vault, browser: &Browser, error: Error) -> Response {
    let (status, why) = match error {
        Error::Refused(Refusal::Sealed) => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::Sealed),
        Error::Refused(refusal) => {
            vault.tally.count("view", refusal.as_str(), browser.address, browser.now);
            let status = match refusal {
                Refusal::NotValid => StatusCode::NOT_FOUND,
                Refusal::Used | Refusal::Replaced | Refusal::Expired(_) => StatusCode::GONE,
                _ => StatusCode::FORBIDDEN,
            };
            (status, CouldNotLoad::NoRight)
        }
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::Unavailable),
        Error::Failed(private) => {
            vault.log_failure(&private);
            (StatusCode::INTERNAL_SERVER_ERROR, CouldNotLoad::Unavailable)
        }
    };
    let desks = vault.desks.desk_origins();
    reply::page(status, vault.pages.could_not_load(&browser.language, &desks, why), &desks)
}

/// The body of [`reveal`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevealAnswer {
    view: String,
    /// The question's id.
    answer: String,
}

/// The answer to [`reveal`].
#[derive(Serialize, ToSchema)]
pub(crate) struct Revealed<'a> {
    text: &'a str,
    seconds: u32,
}

/// `POST /view/reveal`: one masked answer, for a short time; its own act, its own audit row (V11).
#[utoipa::path(post, path = "/view/reveal", tag = "calls", request_body = RevealAnswer,
    responses((status = 200, body = Revealed<'_>),
        (status = 403, description = "`confirm`: a second factor must confirm first; `no_right`."),
        (status = 404, description = "`not_valid`."), (status = 410, description = "`expired`: it was off the record."),
        (status = 423, description = "`locked`: the session is.")))]
pub(super) async fn reveal(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(wanted): Json<RevealAnswer>,
) -> Result<Response, Problem> {
    let revealed =
        revealed(&vault, &browser, wanted).await.map_err(|error| call_problem(&vault, &browser, "reveal", error))?;
    Ok(reply::last_on_connection(revealed))
}

async fn revealed(vault: &Vault, browser: &Browser, wanted: RevealAnswer) -> Result<Response, Error> {
    let (view, viewer, _, lease) = on_screen(vault, browser, &wanted.view)?;
    let question = wanted.answer;
    let command = Reveal { view, viewer, lease, question: question.clone() };
    let revealed = vault.store.reveal(browser.views(), command).await?;
    if revealed.answer.erased_at.is_some() {
        return Err(Refusal::Erased.into());
    }
    if revealed.answer.sealed.is_none() {
        let answer = vault.memory.with(revealed.submission, &question, browser.now, reply_with);
        // Off the record, and its time is over.
        return answer.ok_or(Refusal::Expired(aside_vault_domain::Clock::KeyLife).into());
    }
    let site = &revealed.invitation.site;
    let answers = [revealed.answer];
    let keys = revealed.data_key.as_slice();
    let clear = unseal(vault, site, revealed.submission, keys, &answers, |_| true).await?;
    clear.first().map(|(_, secret)| reply_with(secret)).ok_or(Refusal::NotValid.into())
}

fn reply_with(answer: &Secret) -> Response {
    #[expect(clippy::disallowed_methods, reason = "a reveal shows one answer to the one who may see it")]
    let text = answer.expose();
    axum::Json(Revealed { text, seconds: REVEAL_SECONDS }).into_response()
}

/// `POST /view/copied`: one answer that is shown goes to the clipboard. Its own act, its own audit row, before it does.
#[utoipa::path(post, path = "/view/copied", tag = "calls", request_body = RevealAnswer,
    responses((status = 204, description = "It may be copied, and that was logged."),
        (status = 403, description = "`confirm`: a second factor must confirm first; `no_right`."),
        (status = 404, description = "`not_valid`."), (status = 423, description = "`locked`: the session is.")))]
pub(super) async fn copied(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(wanted): Json<RevealAnswer>,
) -> Result<StatusCode, Problem> {
    let copied = async {
        let (view, viewer, _, lease) = on_screen(&vault, &browser, &wanted.view)?;
        let command = Reveal { view, viewer, lease, question: wanted.answer };
        vault.store.copy(browser.views(), command).await
    };
    match copied.await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(call_problem(&vault, &browser, "copied", error)),
    }
}

/// The view on this browser's screen, with its session and lease. One that is on no screen of this browser is closed.
pub(super) fn on_screen(
    vault: &Vault,
    browser: &Browser,
    view: &str,
) -> Result<(ViewId, KeyHash, SessionId, Lease), Error> {
    let viewer = browser.viewer.ok_or(Refusal::NoRight(NoRight::OtherBrowser))?;
    let view: ViewId = view.parse().map_err(|_| Refusal::NotValid)?;
    let screen = vault.screens.find(view, viewer).ok_or(Refusal::NoRight(NoRight::ViewClosed))?;
    let lease = vault.leases.of(&screen.site, screen.session, vault.now());
    Ok((view, viewer, screen.session, lease))
}

/// The body of [`done`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Done {
    view: String,
    /// The page was left, not done with: what is off the record stays for its time (edge case 24).
    #[serde(default)]
    left: bool,
}

/// `POST /view/done`: the agent puts the answers away, and what is off the record is wiped. A repeat changes nothing.
#[utoipa::path(post, path = "/view/done", tag = "calls", request_body = Done,
    responses((status = 204, description = "Put away."), (status = 403, description = "`no_right`."),
        (status = 404, description = "`not_valid`.")))]
pub(super) async fn done(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(done): Json<Done>,
) -> Result<StatusCode, Problem> {
    let finished = async {
        let viewer = browser.viewer.ok_or(Refusal::NoRight(NoRight::OtherBrowser))?;
        let view: ViewId = done.view.parse().map_err(|_| Refusal::NotValid)?;
        if done.left {
            vault.store.finish_view(browser.views(), view, viewer).await
        } else {
            vault.store.finish_and_wipe(browser.views(), view, viewer).await
        }
    };
    match finished.await {
        Ok(ended) => {
            vault.forget(&ended);
            Ok(StatusCode::NO_CONTENT)
        }
        Err(error) => Err(call_problem(&vault, &browser, "done", error)),
    }
}
