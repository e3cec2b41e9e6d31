//! The desk's part of an export (V8): what was said, as its visitor saw it, as one JSON file. Audited before the first byte goes
//! out. Answers are not in it: the desk has none.

use std::collections::VecDeque;
use std::sync::Arc;

use aside_base::{ConversationId, SiteId, VisitorId};
use aside_desk_domain::{Action, AuditRow, By, FoundConversation, FoundVisitor, KeptState, Outcome, Sequence, Target};
use aside_desk_store::StoreError;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::json;

use crate::caller::{Address, PersonOrKey};
use crate::desk::Desk;
use crate::extract::Path;
use crate::may::Export;
use crate::refusal::Refusal;
use crate::shown::{self, Reader};

/// Entries read at once.
const BATCH: u32 = 200;

/// What the desk keeps of a visitor, as a JSON file. Of an erased one it says so and holds nothing.
#[utoipa::path(get, path = "/api/privacy/visitors/{id}/export", operation_id = "export_visitor", tag = "admin",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "the file"), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn visitor(
    State(desk): State<Arc<Desk>>,
    from: Address,
    exporter: PersonOrKey<Export>,
    Path(id): Path<VisitorId>,
) -> Result<Response, Refusal> {
    let (visitor, found) = desk.store.found_visitor(&exporter.site, id).await?.ok_or(Refusal::NotFound)?;
    desk.note_export(&exporter.site, Target::Visitor(id), exporter.by(&desk, from)).await?;
    Ok(file(desk, exporter.site, visitor, found))
}

/// The same of one conversation.
#[utoipa::path(get, path = "/api/privacy/conversations/{id}/export", operation_id = "export_conversation", tag = "admin",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "the file"), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn conversation(
    State(desk): State<Arc<Desk>>,
    from: Address,
    exporter: PersonOrKey<Export>,
    Path(id): Path<ConversationId>,
) -> Result<Response, Refusal> {
    let found = desk.store.found_conversation(&exporter.site, id).await?.ok_or(Refusal::NotFound)?;
    let (visitor, _) = desk.store.found_visitor(&exporter.site, found.visitor).await?.ok_or(Refusal::NotFound)?;
    desk.note_export(&exporter.site, Target::Conversation(id), exporter.by(&desk, from)).await?;
    Ok(file(desk, exporter.site, visitor, vec![found]))
}

impl Desk {
    async fn note_export(&self, site: &SiteId, target: Target, by: By) -> Result<(), Refusal> {
        let By { who: actor, from, at } = by;
        let (action, outcome) = (Action::ExportData, Outcome::Done);
        let row = AuditRow { at, site: Some(site.clone()), actor, from, action, target, outcome, detail: None };
        Ok(self.store.record(row).await?)
    }
}

fn file(desk: Arc<Desk>, site: SiteId, visitor: FoundVisitor, found: Vec<FoundConversation>) -> Response {
    let lines = Takeout::begin(desk, site, visitor, found);
    let body = stream::try_unfold(lines, |mut lines| async move {
        let piece = lines.piece().await?;
        Ok::<_, BrokenOff>(piece.map(|piece| (piece, lines)))
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"visitor.json\"")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(body)).into_response()
}

/// The file broke off: the client sees a cut connection, and JSON that does not end.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
struct BrokenOff;

impl From<StoreError> for BrokenOff {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "an export of a visitor broke off");
        Self
    }
}

/// The file, piece after piece.
struct Takeout {
    desk: Arc<Desk>,
    site: SiteId,
    /// What is written next without a look at the store.
    ready: VecDeque<String>,
    /// Conversations that are still to come; the first is being written, up to this place.
    waiting: VecDeque<FoundConversation>,
    place: Option<Sequence>,
    /// Whether a conversation, and an entry of this one, stands already.
    any: bool,
    any_entry: bool,
    ended: bool,
}

impl Takeout {
    fn begin(desk: Arc<Desk>, site: SiteId, visitor: FoundVisitor, found: Vec<FoundConversation>) -> Self {
        let head = json!({
            "format": "aside-desk-export-1",
            "site": site.as_str(),
            "exported_at": desk.now(),
            "visitor": shown::found_visitor(visitor),
        });
        let mut head = head.to_string();
        head.truncate(head.len().saturating_sub(1));
        // What is gone is not written: an erased conversation has no entries to show.
        let waiting = found.into_iter().filter(|found| found.state == KeptState::Kept).collect();
        let ready = VecDeque::from([format!("{head},\"conversations\":[")]);
        Self { desk, site, ready, waiting, place: None, any: false, any_entry: false, ended: false }
    }

    /// The next bytes; none at the end.
    async fn piece(&mut self) -> Result<Option<String>, StoreError> {
        if let Some(piece) = self.ready.pop_front() {
            return Ok(Some(piece));
        }
        let Some(found) = self.waiting.front() else {
            let last = (!self.ended).then(|| "]}\n".to_owned());
            self.ended = true;
            return Ok(last);
        };
        let mut piece = String::new();
        let after = match self.place {
            Some(place) => place,
            None => {
                let mut head = json!({"conversation": shown::found_conversation(found.clone())}).to_string();
                head.truncate(head.len().saturating_sub(1));
                piece.push_str(if std::mem::replace(&mut self.any, true) { "," } else { "" });
                piece.push_str(&head);
                piece.push_str(",\"entries\":[");
                Sequence(0)
            }
        };
        let batch = self.desk.store.conversation_entries_after(&self.site, found.conversation, after, BATCH).await?;
        let Some(last) = batch.last().map(|entry| entry.sequence) else {
            piece.push_str("]}");
            self.waiting.pop_front();
            (self.place, self.any_entry) = (None, false);
            return Ok(Some(piece));
        };
        for entry in shown::entries(batch, Reader::Visitor) {
            let line = serde_json::to_string(&entry).map_err(|error| StoreError::Failed(error.to_string()))?;
            piece.push_str(if std::mem::replace(&mut self.any_entry, true) { "," } else { "" });
            piece.push_str(&line);
        }
        self.place = Some(last);
        Ok(Some(piece))
    }
}
