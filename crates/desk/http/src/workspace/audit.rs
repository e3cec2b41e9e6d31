//! The audit log in the panel (A8): search over both zones, the state of both chains, and who could see answers and who did.

use std::collections::BTreeMap;
use std::sync::Arc;

use aside_base::{AgentId, Timestamp};
use aside_desk_domain::{AuditCursor, AuditFilter, AuditScope, FoundEntry, Zone};
use axum::extract::State;

use crate::api::{
    AccessDone, AccessQuery, AccessRow, AccessSpan, AuditCheckpoint, AuditEntry, AuditPage, AuditQuery, AuditWho,
    AuditZone, ChainState, Chains, NamedPerson,
};
use crate::caller::{Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::extract::Query;
use crate::may::ReadAudit;
use crate::refusal::Refusal;

/// Entries on a page, where nobody says.
const PAGE: u32 = 50;
/// The most entries on a page.
const MOST: u32 = 200;
/// The longest text that is searched for.
const LONGEST: usize = 100;
/// The longest span of an access review, in milliseconds: 180 days (PCI 7.2.4 asks for a review each six months).
const REVIEW: i64 = 180 * 86_400_000;

/// Entries of both zones, newest first.
#[utoipa::path(get, path = "/api/audit", operation_id = "search_audit", tag = "admin", params(AuditQuery),
    responses((status = 200, body = AuditPage), (status = 403, description = "not_allowed"), (status = 422, description = "invalid")))]
pub(crate) async fn search(
    State(desk): State<Arc<Desk>>,
    reader: PersonOrKey<ReadAudit>,
    Query(query): Query<AuditQuery>,
) -> Result<axum::Json<AuditPage>, Refusal> {
    let before = match &query.before {
        Some(text) => Some(AuditCursor::parse(text).ok_or(Refusal::Invalid("before", "No such place."))?),
        None => None,
    };
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) || query.format.is_some() {
        return Err(Refusal::Invalid("limit", "From 1 to 200 entries."));
    }
    let filter = filter_of(query)?;
    let scope = desk.audit_scope(&reader.site).await?;
    let page = desk.store.search_audit(scope, filter, before, limit).await?;
    let next = page.next.map(|next| next.to_text());
    let entries = page.entries.into_iter().map(shown).collect();
    Ok(axum::Json(AuditPage { entries, more: next.is_some(), next, chains: desk.chains().await? }))
}

/// Proves both chains from their beginnings.
#[utoipa::path(post, path = "/api/audit/check", operation_id = "check_audit", tag = "admin",
    responses((status = 200, body = Chains), (status = 403, description = "not_allowed")))]
pub(crate) async fn check(State(desk): State<Arc<Desk>>, _: Allowed<ReadAudit>) -> Result<axum::Json<Chains>, Refusal> {
    desk.prove_chains(true).await?;
    // What the mirror found is found again when the vault is asked again.
    if let Err(error) = desk.mirror_vault().await {
        tracing::warn!(%error, "the vault's audit log could not be mirrored");
    }
    Ok(axum::Json(desk.chains().await?))
}

/// Who could see answers, and who did, within at most 180 days.
#[utoipa::path(get, path = "/api/audit/access", operation_id = "review_access", tag = "admin", params(AccessQuery),
    responses((status = 200, body = Vec<AccessRow>), (status = 403, description = "not_allowed"), (status = 422, description = "invalid")))]
pub(crate) async fn access(
    State(desk): State<Arc<Desk>>,
    reader: PersonOrKey<ReadAudit>,
    Query(AccessQuery { from, to }): Query<AccessQuery>,
) -> Result<axum::Json<Vec<AccessRow>>, Refusal> {
    if from < 0 || to <= from || to.saturating_sub(from) > REVIEW {
        return Err(Refusal::Invalid("to", "At most 180 days after the beginning."));
    }
    let (from, until) = (Timestamp(from), Timestamp(to));
    let mut rows: BTreeMap<AgentId, AccessRow> = BTreeMap::new();
    let empty = |agent: AgentId| AccessRow {
        person: NamedPerson { id: agent.to_string(), name: None },
        could: Vec::new(),
        did: AccessDone { views: 0, reveals: 0, last_at: None },
    };
    for span in desk.store.rights_spans(&reader.site, from, until).await? {
        let row = rows.entry(span.agent).or_insert_with(|| empty(span.agent));
        row.could.push(AccessSpan { right: span.right.as_str().to_owned(), from: span.from, until: span.until });
    }
    for looks in desk.store.looks(reader.site.clone(), from, until).await? {
        let row = rows.entry(looks.agent).or_insert_with(|| empty(looks.agent));
        row.did = AccessDone { views: looks.views, reveals: looks.reveals, last_at: Some(looks.last_at) };
    }
    for person in desk.store.people(&reader.site, desk.now()).await? {
        let agent = &person.account.agent;
        if let Some(row) = rows.get_mut(&agent.id) {
            row.person.name = Some(agent.display_name.as_str().to_owned());
        }
    }
    Ok(axum::Json(rows.into_values().collect()))
}

/// The filter of a query.
pub(super) fn filter_of(query: AuditQuery) -> Result<AuditFilter, Refusal> {
    let texts = [&query.text, &query.who, &query.act, &query.result];
    if texts.into_iter().flatten().any(|text| text.chars().count() > LONGEST) {
        return Err(Refusal::Invalid("text", "At most 100 characters."));
    }
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(AuditFilter {
        text: given(query.text),
        who: given(query.who),
        act: given(query.act),
        result: given(query.result),
        zone: query.zone.map(|zone| if zone == AuditZone::Desk { Zone::Desk } else { Zone::Vault }),
        from: query.from.map(Timestamp),
        until: query.to.map(Timestamp),
    })
}

fn shown(found: FoundEntry) -> AuditEntry {
    let FoundEntry { zone, place, previous, body, person } = found;
    let (id, name) = match person {
        Some((id, name)) => (Some(id), Some(name)),
        None => (body.who.id, None),
    };
    AuditEntry {
        zone: if zone == Zone::Desk { AuditZone::Desk } else { AuditZone::Vault },
        sequence: place.sequence,
        at: body.at,
        who: AuditWho { kind: body.who.kind, id, name },
        act: body.act,
        on: body.on,
        result: body.result,
        reason: body.reason,
        count: body.count,
        detail: body.detail,
        from: body.from,
        session: body.session,
        hash: place.hash.to_string(),
        previous: previous.to_string(),
    }
}

impl Desk {
    /// What somebody of `site` may see: entries of no site only where the house has no other.
    pub(crate) async fn audit_scope(&self, site: &aside_base::SiteId) -> Result<AuditScope, Refusal> {
        let with_house = self.store.sites().await?.len() == 1;
        Ok(AuditScope { site: site.clone(), with_house })
    }

    /// Both chains, as they were when they were last proved.
    pub(crate) async fn chains(&self) -> Result<Chains, Refusal> {
        let kept_days = self.audit_days().await?;
        let anchor = self.store.anchor().await?;
        let head = self.store.chain_head().await?;
        let mirror = self.store.mirror().await?;
        let first = anchor.map_or(0, |anchor| anchor.sequence) + 1;
        let key = self.watch.outlook.notary.as_ref().map(|notary| notary.public_key().to_string());
        let desk = self.chain_state(Zone::Desk, Some((first, head.sequence)), key, kept_days);
        let span = mirror.map(|mirror| (mirror.after.sequence + 1, mirror.last.sequence));
        Ok(Chains { desk, vault: self.chain_state(Zone::Vault, span, None, kept_days) })
    }

    fn chain_state(&self, zone: Zone, span: Option<(i64, i64)>, key: Option<String>, kept_days: u32) -> ChainState {
        let seen = self.watch.seen(zone);
        let span = span.filter(|(first, last)| first <= last);
        ChainState {
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            checked_at: seen.checked_at,
            whole: seen.fault.is_none(),
            fault: seen.fault.map(|fault| fault.word.to_owned()),
            fault_at: seen.fault.map(|fault| fault.sequence),
            last_checkpoint: seen.checkpoint.map(|(sequence, at)| AuditCheckpoint { sequence, at }),
            key,
            kept_days,
        }
    }
}
