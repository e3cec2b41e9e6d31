//! The audit log as a file: JSON lines that prove themselves (`aside audit verify`), or CSV. Both zones, merged by time. Audited
//! before the first line goes out, and signed up to its end.

use std::collections::VecDeque;
use std::sync::Arc;

use aside_chain::{Beginning, Body, CSV_HEADING, Content, Entry, ExportLine, Place, csv_row};
use aside_desk_domain::{Action, AuditFilter, AuditRow, AuditScope, Outcome, Permission, Target, Zone};
use aside_desk_store::{ExportEntry, StoreError};
use axum::body::Body as ReplyBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::audit::filter_of;
use crate::api::AuditQuery;
use crate::caller::{Address, Allowed};
use crate::desk::Desk;
use crate::extract::Query;
use crate::may::ReadAudit;
use crate::refusal::Refusal;

/// Bytes gathered before they go out.
const PIECE: usize = 64 * 1024;

/// The log as JSON lines or CSV.
#[utoipa::path(get, path = "/api/audit/export", operation_id = "export_audit", tag = "admin", params(AuditQuery),
    responses((status = 200, description = "the file"), (status = 403, description = "not_allowed"), (status = 422, description = "invalid")))]
pub(crate) async fn export(
    State(desk): State<Arc<Desk>>,
    from: Address,
    reader: Allowed<ReadAudit>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, Refusal> {
    if !reader.live.may(Permission::Export, desk.now()) {
        return Err(Refusal::NotAllowed(Permission::Export.as_str()));
    }
    let csv = match query.format.as_deref() {
        Some("jsonl") => false,
        Some("csv") => true,
        _ => return Err(Refusal::Invalid("format", "jsonl or csv.")),
    };
    let filter = filter_of(query)?;
    let scope = desk.audit_scope(reader.site()).await?;
    let by = reader.by(&desk, from);
    let reason = if csv { "csv" } else { "jsonl" };
    desk.store
        .record(AuditRow {
            at: by.at,
            site: Some(reader.site().clone()),
            actor: by.who,
            from: by.from,
            action: Action::ExportAudit,
            target: Target::AuditLog,
            outcome: Outcome::DoneBecause(reason),
            detail: None,
        })
        .await?;
    desk.sign_checkpoint().await?;
    let lines = Lines::begin(Arc::clone(&desk), scope, filter, csv).await?;
    let (kind, name) = if csv {
        ("text/csv; charset=utf-8; header=present", "attachment; filename=\"audit.csv\"")
    } else {
        ("application/x-ndjson", "attachment; filename=\"audit.jsonl\"")
    };
    let body = stream::try_unfold(lines, |mut lines| async move {
        let piece = lines.piece().await?;
        Ok::<_, ExportFailed>(piece.map(|piece| (piece, lines)))
    });
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, HeaderValue::from_static(name))];
    Ok((headers, ReplyBody::from_stream(body)).into_response())
}

/// The export broke off: the client sees a cut connection, and a file that does not reach what it says was signed.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
struct ExportFailed;

impl From<StoreError> for ExportFailed {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "an export of the audit log broke off");
        Self
    }
}

/// One zone's entries, page after page.
struct Source {
    zone: Zone,
    after: i64,
    until: i64,
    waiting: VecDeque<ExportEntry>,
    more: bool,
}

/// The file, line after line.
struct Lines {
    desk: Arc<Desk>,
    scope: AuditScope,
    filter: AuditFilter,
    csv: bool,
    sources: Vec<Source>,
    head: String,
}

impl Lines {
    async fn begin(desk: Arc<Desk>, scope: AuditScope, filter: AuditFilter, csv: bool) -> Result<Self, StoreError> {
        let (mut head, mut sources) = (String::new(), Vec::new());
        if csv {
            head.push_str(CSV_HEADING);
        }
        let push = |text: &mut String, line: ExportLine<'_>| {
            text.push_str(&line.to_line());
            text.push('\n');
        };
        for zone in Zone::ALL {
            if filter.zone.is_some_and(|only| only != zone) {
                continue;
            }
            let Some(after) = desk.store.export_start(zone, filter.from).await? else { continue };
            let (chain, until) = match zone {
                Zone::Desk => (desk.store.chain_id().await?, desk.store.chain_head().await?.sequence),
                Zone::Vault => match desk.store.mirror().await? {
                    Some(mirror) => (mirror.chain, mirror.last.sequence),
                    None => continue,
                },
            };
            if !csv {
                let (zone, at) = (zone.as_str().to_owned(), desk.now());
                push(&mut head, ExportLine::Beginning(Beginning { zone, chain, after, at }));
            }
            if zone == Zone::Desk && !csv {
                if let Some(anchor) = desk.store.anchor().await?.filter(|anchor| anchor.place() == after) {
                    push(&mut head, ExportLine::Anchor(anchor));
                }
                if let Some(last) = desk.store.last_checkpoint().await?.filter(|last| last.sequence <= until) {
                    push(&mut head, ExportLine::Checkpoint(last));
                }
            }
            let sequence = after.sequence;
            sources.push(Source { zone, after: sequence, until, waiting: VecDeque::new(), more: sequence < until });
        }
        Ok(Self { desk, scope, filter, csv, sources, head })
    }

    /// The next bytes; none at the end.
    async fn piece(&mut self) -> Result<Option<String>, StoreError> {
        let mut piece = std::mem::take(&mut self.head);
        while piece.len() < PIECE {
            match self.next().await? {
                Some((zone, entry)) => self.write(&mut piece, zone, &entry),
                None => return Ok(Some(piece).filter(|piece| !piece.is_empty())),
            }
        }
        Ok(Some(piece))
    }

    async fn next(&mut self) -> Result<Option<(Zone, ExportEntry)>, StoreError> {
        for source in &mut self.sources {
            if source.waiting.is_empty() && source.more {
                let (scope, filter) = (self.scope.clone(), self.filter.clone());
                let page = self.desk.store.export_page(source.zone, scope, filter, source.after, source.until).await?;
                source.more = page.more;
                source.after = page.entries.last().map_or(source.after, |last| last.place.sequence);
                source.waiting = page.entries.into();
            }
        }
        let oldest = self.sources.iter_mut().filter(|source| !source.waiting.is_empty());
        let oldest = oldest.min_by_key(|source| source.waiting.front().map(|entry| entry.at));
        Ok(oldest.and_then(|source| Some((source.zone, source.waiting.pop_front()?))))
    }

    fn write(&self, piece: &mut String, zone: Zone, entry: &ExportEntry) {
        let ExportEntry { place, body, body_hash, name, .. } = entry;
        if self.csv {
            if let Some(body) = body.as_deref().and_then(|body| Body::parse(body).ok()) {
                piece.push_str(&csv_row(zone.as_str(), *place, &body, name.as_deref()));
            }
            return;
        }
        let content = body.as_deref().map_or(Content::Withheld(*body_hash), Content::Body);
        let place: Place = *place;
        piece.push_str(&ExportLine::Entry(zone.as_str(), Entry { place, content }).to_line());
        piece.push('\n');
    }
}
