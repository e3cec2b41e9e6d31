//! `GET /view/live/{view}`: tells the page with the answers that its right still stands, and when it ends. A page that hears
//! nothing clears itself.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use aside_web::Problem;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::watch;

use super::browser::Browser;
use super::segment::Segment;
use super::view::on_screen;
use super::viewer::call_problem;
use crate::Vault;

/// How often the right is checked and the page told.
const BEAT: Duration = Duration::from_secs(5);

/// One page that listens.
struct Listener {
    vault: Arc<Vault>,
    browser: Browser,
    view: String,
    closed: watch::Receiver<bool>,
    state: Beat,
}

enum Beat {
    /// Says so at once.
    First,
    /// Waits before it says it again.
    Later,
    /// Has said that the view is closed.
    Over,
}

#[utoipa::path(get, path = "/view/live/{view}", tag = "calls", params(("view" = String, Path, description = "The view.")),
    responses((status = 200, description = "`open` every few seconds while the right stands, then `closed`.", content_type = "text/event-stream", body = String)))]
pub(super) async fn stream(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Segment(view): Segment,
) -> Result<Response, Problem> {
    let listening = || {
        let (id, viewer, ..) = on_screen(&vault, &browser, &view)?;
        let refused = aside_vault_domain::Refusal::NoRight(aside_vault_domain::NoRight::ViewClosed);
        vault.screens.watch(id, viewer).ok_or(aside_vault_store::Error::Refused(refused))
    };
    let closed = match listening() {
        Ok(closed) => closed,
        // A page whose view was closed while it had no connection asks again: it must hear so, not go on asking.
        Err(aside_vault_store::Error::Refused(_)) => return Ok(over()),
        Err(error) => return Err(call_problem(&vault, &browser, "live", error)),
    };
    let listener = Listener { vault, browser, view, closed, state: Beat::First };
    Ok(Sse::new(stream::unfold(listener, beat)).into_response())
}

fn over() -> Response {
    Sse::new(stream::iter([Ok::<_, Infallible>(said("closed"))])).into_response()
}

async fn beat(mut listener: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    match listener.state {
        Beat::Over => return None,
        Beat::First => {}
        Beat::Later => {
            // Wakes at the end of the right, or when it is time to check it again.
            let _ = tokio::time::timeout(BEAT, listener.closed.wait_for(|closed| *closed)).await;
        }
    }
    let stands = listener.stands().await;
    listener.state = if stands { Beat::Later } else { Beat::Over };
    Some((Ok(said(if stands { "open" } else { "closed" })), listener))
}

impl Listener {
    /// Whether the right stands. What cannot be checked does not.
    async fn stands(&self) -> bool {
        let Ok((view, viewer, _, lease)) = on_screen(&self.vault, &self.browser, &self.view) else { return false };
        match self.vault.store.check_view(view, viewer, lease).await {
            Ok(()) => true,
            Err(error) => {
                tracing::info!(%error, "a view is closed");
                self.vault.screens.close(&[view]);
                false
            }
        }
    }
}

fn said(word: &'static str) -> Event {
    Event::default().data(word)
}
