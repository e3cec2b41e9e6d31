//! What must hold after a fall, by what the clients were told before it.

use std::time::Duration;

use aside_base::SiteId;
use serde_json::Value;

use super::ledger::{Client, Form, Told};
use crate::journey::{JourneyError, View, ZoneLink};

/// How often, and for how long at most, something is looked at that the two programs tell each other in their own time.
const AGAIN: Duration = Duration::from_millis(100);
const TRIES: u32 = 200;

/// What was counted, and what does not hold.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) forms: u64,
    pub(super) acknowledged: u64,
    pub(super) unknown: u64,
    pub(super) replays: u64,
    pub(super) broken: Vec<String>,
}

impl Verdict {
    pub(super) fn add(&mut self, other: Self) {
        self.forms += other.forms;
        self.acknowledged += other.acknowledged;
        self.unknown += other.unknown;
        self.replays += other.replays;
        self.broken.extend(other.broken);
    }

    fn must(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(what());
        }
    }
}

/// Holds both programs to what `client` was told.
pub(super) async fn check(mut client: Client, link: &ZoneLink, site: &SiteId) -> Result<Verdict, JourneyError> {
    let mut verdict = Verdict::default();
    for form in std::mem::take(&mut client.forms) {
        verdict.forms += 1;
        replay(&mut client, &form, &mut verdict).await?;
        let submission = at_vault(link, site, &form).await?;
        let told = form.submitted == Told::Done;
        verdict.acknowledged += u64::from(told);
        verdict.unknown += u64::from([form.opened, form.submitted, form.viewed].contains(&Told::Unknown));
        verdict
            .must(!told || submission.is_some(), || format!("{}: an acknowledged submission is lost", form.invitation));
        if submission.is_some() {
            let shown = shown(&mut client, &form).await?;
            verdict.must(shown, || format!("{}: the answers are not the ones that were acknowledged", form.invitation));
        }
        told_once(&mut client, &form, submission.is_some(), &mut verdict).await?;
    }
    Ok(verdict)
}

/// Every key that may have been used is tried again by two at once: one that was acknowledged works for nobody, another for one
/// at most.
async fn replay(client: &mut Client, form: &Form, verdict: &mut Verdict) -> Result<(), JourneyError> {
    if let Some(open) = form.open.as_ref().filter(|_| form.opened != Told::Nothing) {
        let (mut one, mut other) = (client.visitor.another_device(), client.visitor.another_device());
        let won = patiently(async || {
            let (one, other) = tokio::join!(one.load(open), other.load(open));
            Ok(u32::from(answered(one)?) + u32::from(answered(other)?))
        })
        .await?;
        let most = u32::from(form.opened == Told::Unknown);
        verdict.replays += 2;
        verdict.must(won <= most, || format!("{}: an open key was accepted {won} times more", form.invitation));
    }
    if let Some(page) = form.page.as_ref().filter(|_| form.submitted != Told::Nothing) {
        let mut device = client.visitor.another_device();
        let other = [("name", "Nobody"), ("number", "5555555555554444"), ("expiry", "04/39"), ("cvv", "111")];
        let won = patiently(async || answered(device.submit(page, &other).await)).await?;
        verdict.replays += 1;
        verdict.must(!won, || format!("{}: a submit key was accepted from another device", form.invitation));
        if form.submitted == Told::Done {
            // The same device is told *sent* again, and these answers are not taken: what is shown afterwards proves it.
            patiently(async || answered(client.visitor.submit(page, &other).await)).await?;
            verdict.replays += 1;
        }
    }
    if let Some(granted) = form.grant.as_ref().filter(|_| form.viewed == Told::Done) {
        let won = patiently(async || answered(client.agent.look(granted).await)).await?;
        verdict.replays += 1;
        verdict.must(!won, || format!("{}: a view key was accepted twice", form.invitation));
    }
    Ok(())
}

/// The submission that the vault names.
async fn at_vault(link: &ZoneLink, site: &SiteId, form: &Form) -> Result<Option<String>, JourneyError> {
    let path = format!("/sites/{site}/invitations/{}", form.invitation);
    let reply = link.send(http::Method::GET, &path, None::<&Value>).await?;
    match reply.status.as_u16() {
        200 => Ok(reply.value()["submission"].as_str().map(str::to_owned)),
        // The vault fell before it heard of it.
        404 => Ok(None),
        _ => reply.expect("ask for the status", &[200]).map(|_| None),
    }
}

/// Whether the agent sees the answers that were sent.
async fn shown(client: &mut Client, form: &Form) -> Result<bool, JourneyError> {
    // Until the desk has heard of it, it says *wrong state*.
    let view: View = patiently_while(&[503, 409], async || {
        let granted = client.agent.grant(&form.invitation).await?;
        client.agent.look(&granted).await
    })
    .await?;
    Ok(view.html.contains(&form.name))
}

/// In the transcript each status stands at most once, `submitted` exactly once where there is a submission, and entries are in
/// order.
async fn told_once(
    client: &mut Client,
    form: &Form,
    submitted: bool,
    verdict: &mut Verdict,
) -> Result<(), JourneyError> {
    let mut counts = [0; 3];
    for _ in 0..TRIES {
        let entries = patiently(async || client.agent.entries(&client.conversation).await).await?;
        let ordered = entries.windows(2).all(|pair| pair[0]["sequence"].as_i64() < pair[1]["sequence"].as_i64());
        verdict.must(ordered, || format!("{}: the transcript is out of order", form.invitation));
        counts = ["viewed", "submitted", "read"].map(|status| {
            let told = |entry: &&Value| {
                entry["kind"] == "status"
                    && entry["invitation"] == form.invitation.as_str()
                    && entry["status"] == status
            };
            entries.iter().filter(told).count()
        });
        // What the vault has is told in its own time; `read` follows from the look that was just had.
        if !submitted || counts == [1, 1, 1] || counts.iter().any(|count| *count > 1) {
            break;
        }
        tokio::time::sleep(AGAIN).await;
    }
    verdict.must(counts.iter().all(|count| *count <= 1), || format!("{}: a status was told twice", form.invitation));
    verdict.must(!submitted || counts == [1, 1, 1], || {
        format!("{}: a status was never told: {counts:?}", form.invitation)
    });
    Ok(())
}

/// Whether a call was let through; a refusal is an answer, anything else is none.
fn answered<T>(outcome: Result<T, JourneyError>) -> Result<bool, JourneyError> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if error.status().is_some_and(|status| status != 503) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Tries again while a program that has just come back does not answer yet.
async fn patiently<T>(step: impl AsyncFnMut() -> Result<T, JourneyError>) -> Result<T, JourneyError> {
    patiently_while(&[503], step).await
}

async fn patiently_while<T>(
    meanwhile: &[u16],
    mut step: impl AsyncFnMut() -> Result<T, JourneyError>,
) -> Result<T, JourneyError> {
    for _ in 0..TRIES {
        match step().await {
            Err(JourneyError::NoAnswer { .. }) => {}
            Err(error) if error.status().is_some_and(|status| meanwhile.contains(&status)) => {}
            other => return other,
        }
        tokio::time::sleep(AGAIN).await;
    }
    step().await
}
