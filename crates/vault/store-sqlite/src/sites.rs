//! Sites, their definitions and their sealed keys.

use aside_base::{DefinitionHash, SiteId};
use aside_form::Published;
use aside_vault_domain::{Act, Occasion, On, Refusal, SealedSiteKey};
use aside_vault_store::Ended;
use aside_wire::SiteProfile;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::{Fault, Step};
use crate::{audit, invitations};

pub(crate) fn put(connection: &Connection, occasion: &Occasion, site: SiteId, profile: &SiteProfile) -> Step<()> {
    let json = serde_json::to_string(profile).map_err(|error| Fault::Broken(error.to_string()))?;
    let changed = connection
        .prepare_cached(
            "INSERT INTO sites (site, profile) VALUES (?1, ?2)
             ON CONFLICT (site) DO UPDATE SET profile = excluded.profile WHERE profile <> excluded.profile",
        )?
        .execute(params![site.as_str(), json])?;
    if changed > 0 {
        audit::done(connection, occasion, Act::SiteSet, &On { site: Some(site), ..On::default() })?;
    }
    Ok(())
}

pub(crate) fn profile(connection: &Connection, site: &SiteId) -> Step<Option<SiteProfile>> {
    let json: Option<String> = connection
        .prepare_cached("SELECT profile FROM sites WHERE site = ?1")?
        .query_row([site.as_str()], |row| row.get(0))
        .optional()?;
    json.map(|json| serde_json::from_str(&json).map_err(|error| Fault::Broken(error.to_string()))).transpose()
}

fn known(connection: &Connection, site: &SiteId) -> Step<()> {
    let found = connection
        .prepare_cached("SELECT 1 FROM sites WHERE site = ?1")?
        .query_row([site.as_str()], |_| Ok(()))
        .optional()?;
    found.ok_or(Fault::from(Refusal::NotValid))
}

/// Whether secure forms of the site may be sent.
pub(crate) fn has_forms_on(connection: &Connection, site: &SiteId) -> Step<bool> {
    let forms = connection
        .prepare_cached("SELECT forms FROM sites WHERE site = ?1")?
        .query_row([site.as_str()], |row| row.get(0))
        .optional()?;
    forms.ok_or(Fault::from(Refusal::NotValid))
}

pub(crate) fn switch_forms(connection: &Connection, occasion: &Occasion, site: SiteId, forms: bool) -> Step<Ended> {
    if has_forms_on(connection, &site)? == forms {
        return Ok(Ended::default());
    }
    connection.prepare_cached("UPDATE sites SET forms = ?2 WHERE site = ?1")?.execute(params![site.as_str(), forms])?;
    let act = if forms { Act::FormsResumed } else { Act::FormsStopped };
    audit::done(connection, occasion, act, &On { site: Some(site.clone()), ..On::default() })?;
    if forms { Ok(Ended::default()) } else { invitations::cancel_awaited(connection, occasion, &site) }
}

pub(crate) fn put_definition(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    definition: &Published,
) -> Step<()> {
    known(connection, &site)?;
    let inserted = connection
        .prepare_cached(
            "INSERT INTO definitions (site, hash, json, published_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![site.as_str(), definition.hash().as_str(), definition.json(), occasion.now.0])?;
    if inserted > 0 {
        let on = On { site: Some(site), detail: Some(definition.hash().to_string()), ..On::default() };
        audit::done(connection, occasion, Act::DefinitionPublished, &on)?;
    }
    Ok(())
}

pub(crate) fn definition(connection: &Connection, site: &SiteId, hash: &DefinitionHash) -> Step<Option<Published>> {
    let json: Option<String> = connection
        .prepare_cached("SELECT json FROM definitions WHERE site = ?1 AND hash = ?2")?
        .query_row([site.as_str(), hash.as_str()], |row| row.get(0))
        .optional()?;
    let Some(json) = json else { return Ok(None) };
    // Checked again: a definition that was tampered with on the disk no longer bears its name.
    match Published::from_json(&json) {
        Ok(definition) if definition.hash() == hash => Ok(Some(definition)),
        _ => Err(Fault::Broken(format!("the definition {hash} is not what was published"))),
    }
}

/// Whether the site has this definition.
pub(crate) fn has_definition(connection: &Connection, site: &SiteId, hash: &DefinitionHash) -> Step<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM definitions WHERE site = ?1 AND hash = ?2")?
        .query_row([site.as_str(), hash.as_str()], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

pub(crate) fn put_key(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    key: &SealedSiteKey,
) -> Step<SealedSiteKey> {
    known(connection, site)?;
    if let Some(first) = self::key(connection, site, None)? {
        return Ok(first);
    }
    connection
        .prepare_cached("INSERT INTO site_keys (site, version, sealed, provider, made_at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![site.as_str(), key.version, key.sealed, key.provider, occasion.now.0])?;
    let on = On { site: Some(site.clone()), detail: Some(format!("version {}", key.version)), ..On::default() };
    audit::done(connection, occasion, Act::SiteKeyMade, &on)?;
    Ok(key.clone())
}

/// The site's key of this version, or the newest. A retired one is gone.
pub(crate) fn key(connection: &Connection, site: &SiteId, version: Option<u32>) -> Step<Option<SealedSiteKey>> {
    let key = connection
        .prepare_cached(
            "SELECT version, provider, sealed FROM site_keys
             WHERE site = ?1 AND version = coalesce(?2, version) AND retired_at IS NULL ORDER BY version DESC LIMIT 1",
        )?
        .query_row(params![site.as_str(), version], |row| {
            Ok(SealedSiteKey { version: row.get(0)?, provider: row.get(1)?, sealed: row.get(2)? })
        })
        .optional()?;
    Ok(key)
}
