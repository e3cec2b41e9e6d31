//! The audit chain, for the desk that mirrors it: of other desks' sites only the hashes.

use std::sync::Arc;

use aside_chain::{Body, Content, Place};
use aside_vault_store::ChainEntry;
use aside_web::Problem;
use aside_wire::{AuditEntry, AuditPage, AuditQuery, AuditState, ProblemKind};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};

use super::caller::Caller;
use super::refusal;
use crate::Vault;
use crate::desk::Desk;

/// The most entries in one answer.
const MOST: u32 = 1_000;

/// Entries of the audit chain, oldest first.
#[utoipa::path(get, path = "/zone/v1/audit", tag = "zone",
    params(("after" = i64, Query, minimum = 0, description = "The last entry that the desk has."),
        ("limit" = u32, Query, minimum = 1, maximum = 1_000, description = "How many at most: 1 to 1000.")),
    responses((status = 200, body = AuditPage), (status = 422, description = "`invalid`.")))]
pub(super) async fn page(
    State(vault): State<Arc<Vault>>,
    caller: Caller,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<axum::Json<AuditPage>, Problem> {
    let Query(query) = query.map_err(|_| refusal::of_kind(ProblemKind::Invalid))?;
    if query.after < 0 || !(1..=MOST).contains(&query.limit) {
        return Err(refusal::of_kind(ProblemKind::Invalid).field(if query.after < 0 { "after" } else { "limit" }));
    }
    let failed = |error| refusal::answer(&vault, error);
    let chain = vault.store.chain_id().await.map_err(failed)?;
    let entries = vault.store.chain_page(query.after, query.limit).await.map_err(failed)?;
    let alone = vault.desks.are_one();
    let entries = entries.into_iter().map(|entry| told(entry, &caller.desk, alone)).collect();
    Ok(axum::Json(AuditPage { chain: chain.to_string(), entries }))
}

/// How far the audit chain has come.
#[utoipa::path(get, path = "/zone/v1/audit/state", tag = "zone", responses((status = 200, body = AuditState)))]
pub(super) async fn state(State(vault): State<Arc<Vault>>, _: Caller) -> Result<axum::Json<AuditState>, Problem> {
    let failed = |error| refusal::answer(&vault, error);
    let chain = vault.store.chain_id().await.map_err(failed)?;
    let anchor = vault.store.anchor().await.map_err(failed)?;
    let after = anchor.map_or_else(|| Place::before_first(chain), |anchor| anchor.place());
    let last = vault.store.chain_head().await.map_err(failed)?;
    let checkpoint = vault.store.last_checkpoint().await.map_err(failed)?;
    Ok(axum::Json(AuditState {
        chain: chain.to_string(),
        after_sequence: after.sequence,
        after_hash: after.hash.to_string(),
        last_sequence: last.sequence,
        last_hash: last.hash.to_string(),
        checkpoint: checkpoint.map(|checkpoint| checkpoint.to_line()),
        whole: vault.watch.is_whole(),
        low_space: vault.watch.is_low(),
    }))
}

/// An entry without a site tells of networks and clocks of the whole house: only a desk that has the house to itself sees it.
fn told(entry: ChainEntry, desk: &Desk, alone: bool) -> AuditEntry {
    let ChainEntry { place, body } = entry;
    let own = Body::parse(&body).is_ok_and(|read| match &read.site {
        Some(site) => desk.sites.iter().any(|own| own.as_str() == site),
        None => alone,
    });
    let withheld = (!own).then(|| Content::Body(&body).hash().to_string());
    AuditEntry { sequence: place.sequence, hash: place.hash.to_string(), body: own.then_some(body), withheld }
}

#[cfg(test)]
mod tests {
    use aside_chain::{ChainId, Hash};

    use super::*;

    #[test]
    fn of_another_desks_site_only_the_hash_is_told() {
        let origin = || "http://desk.localhost:8080".parse().unwrap();
        let sites = vec!["northwind".parse().unwrap()];
        let desk = Desk { name: "one".into(), sites, desk_origin: origin(), chat_origin: origin(), history: false };
        let place = Place::before_first(ChainId::from_bytes([0; 16]));
        let tell = |site: &str, alone| {
            let body = format!(r#"{{"at":1,{site}"who":{{"kind":"vault"}},"act":"viewed","result":"done"}}"#);
            (told(ChainEntry { place, body: body.clone() }, &desk, alone), body)
        };
        let (own, body) = tell(r#""site":"northwind","#, false);
        assert_eq!((own.body, own.withheld), (Some(body), None));
        let (other, body) = tell(r#""site":"contoso","#, true);
        assert_eq!((other.body, other.withheld), (None, Some(Hash::of(&[body.as_bytes()]).to_string())));
        assert!(tell("", false).0.body.is_none());
        assert!(tell("", true).0.body.is_some());
    }
}
