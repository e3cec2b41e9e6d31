//! The versions of the sites' keys: made, listed, moved, retired.

use aside_base::{AgentId, SiteId, SubmissionId};
use aside_vault_domain::{
    Act, Moved, Occasion, On, Retirement, Rewrap, SealedFingerprintKey, SealedSiteKey, Sealing, SiteKeyVersion, ToMove,
    Wrapped,
};
use aside_vault_store::{KeyRing, Result};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::{Fault, Step};
use crate::{SqliteStore, audit, rows};

#[async_trait]
impl KeyRing for SqliteStore {
    async fn site_key_versions(&self) -> Result<Vec<SiteKeyVersion>> {
        self.read("site_key_versions", versions).await
    }

    async fn sealing(&self) -> Result<Vec<Sealing>> {
        self.read("sealing", sealing).await
    }

    async fn rotate_site_key(&self, on: Occasion, site: SiteId, key: SealedSiteKey) -> Result<bool> {
        self.write("rotate_site_key", move |db| rotate(db, &on, site, &key)).await
    }

    async fn move_site_key(
        &self,
        on: Occasion,
        site: SiteId,
        former: SealedSiteKey,
        key: SealedSiteKey,
    ) -> Result<bool> {
        self.write("move_site_key", move |db| move_site_key(db, &on, site, &former, &key)).await
    }

    async fn retire_site_key(&self, on: Occasion, site: SiteId, version: u32) -> Result<Retirement> {
        self.write("retire_site_key", move |db| retire(db, &on, site, version)).await
    }

    async fn begin_rewrap(&self, on: Occasion) -> Result<Rewrap> {
        self.write("begin_rewrap", move |db| begin(db, &on)).await
    }

    async fn rewrap_under_way(&self) -> Result<Option<Rewrap>> {
        self.read("rewrap_under_way", under_way).await
    }

    async fn to_move(&self, site: SiteId, newest: u32, skip: u32, limit: u32) -> Result<Vec<ToMove>> {
        self.read("to_move", move |db| to_move(db, &site, newest, skip, limit)).await
    }

    async fn keep_moved(&self, site: SiteId, moved: Vec<Moved>) -> Result<u64> {
        self.write("keep_moved", move |db| keep_moved(db, &site, &moved)).await
    }

    async fn finish_rewrap(&self, on: Occasion, done: u64, left: u64) -> Result<()> {
        self.write("finish_rewrap", move |db| finish(db, &on, done, left)).await
    }

    async fn fingerprint_key(&self, site: SiteId) -> Result<Option<SealedFingerprintKey>> {
        self.read("fingerprint_key", move |db| fingerprint_key(db, &site)).await
    }

    async fn put_fingerprint_key(&self, site: SiteId, key: SealedFingerprintKey) -> Result<SealedFingerprintKey> {
        self.write("put_fingerprint_key", move |db| put_fingerprint_key(db, &site, &key)).await
    }
}

/// Refuses what was sealed under a version that was retired meanwhile: nobody could open it. Whoever seals it again has the
/// newest.
pub(crate) fn refuse_retired(connection: &Connection, site: &SiteId, version: u32) -> Step<()> {
    let retired = connection
        .prepare_cached("SELECT 1 FROM site_keys WHERE site = ?1 AND version = ?2 AND retired_at IS NOT NULL")?
        .query_row(params![site.as_str(), version], |_| Ok(()))
        .optional()?;
    if retired.is_some() { Err(Fault::Busy) } else { Ok(()) }
}

fn on(site: SiteId, detail: String) -> On {
    On { site: Some(site), detail: Some(detail), ..On::default() }
}

fn versions(connection: &Connection) -> Step<Vec<SiteKeyVersion>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, version, provider, made_at, replaced_at, retired_at FROM site_keys ORDER BY site, version",
    )?;
    let versions = statement.query_map([], |row| {
        Ok(SiteKeyVersion {
            site: rows::parsed(row, 0)?,
            version: row.get(1)?,
            provider: row.get(2)?,
            made_at: rows::time_or_none(row, 3)?,
            replaced_at: rows::time_or_none(row, 4)?,
            retired_at: rows::time_or_none(row, 5)?,
        })
    })?;
    Ok(versions.collect::<rusqlite::Result<_>>()?)
}

fn sealing(connection: &Connection) -> Step<Vec<Sealing>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, version, sum(data_keys), sum(code_secrets), sum(fingerprint_keys) FROM (
             SELECT site, site_key_version AS version, count(*) AS data_keys, 0 AS code_secrets, 0 AS fingerprint_keys
             FROM data_keys GROUP BY site, site_key_version
             UNION ALL SELECT site, key_version, 0, count(*), 0 FROM code_apps GROUP BY site, key_version
             UNION ALL SELECT site, key_version, 0, 0, 1 FROM fingerprint_keys)
         GROUP BY site, version ORDER BY site, version",
    )?;
    let sealing = statement.query_map([], |row| {
        Ok(Sealing {
            site: rows::parsed(row, 0)?,
            version: row.get(1)?,
            data_keys: rows::count(row, 2)?,
            code_secrets: rows::count(row, 3)?,
            fingerprint_keys: rows::count(row, 4)?,
        })
    })?;
    Ok(sealing.collect::<rusqlite::Result<_>>()?)
}

fn rotate(connection: &Connection, occasion: &Occasion, site: SiteId, key: &SealedSiteKey) -> Step<bool> {
    let newest: Option<u32> = connection
        .prepare_cached("SELECT max(version) FROM site_keys WHERE site = ?1")?
        .query_row([site.as_str()], |row| row.get(0))?;
    if newest.and_then(|newest| newest.checked_add(1)) != Some(key.version) {
        return Ok(false);
    }
    connection
        .prepare_cached("UPDATE site_keys SET replaced_at = ?2 WHERE site = ?1 AND replaced_at IS NULL")?
        .execute(params![site.as_str(), occasion.now.0])?;
    connection
        .prepare_cached("INSERT INTO site_keys (site, version, sealed, provider, made_at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![site.as_str(), key.version, key.sealed, key.provider, occasion.now.0])?;
    let on = on(site, format!("version {}", key.version));
    audit::done(connection, occasion, Act::SiteKeyRotated, &on)?;
    Ok(true)
}

fn move_site_key(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    former: &SealedSiteKey,
    key: &SealedSiteKey,
) -> Step<bool> {
    let changed = connection
        .prepare_cached(
            "UPDATE site_keys SET sealed = ?4, provider = ?5
             WHERE site = ?1 AND version = ?2 AND sealed = ?3 AND retired_at IS NULL",
        )?
        .execute(params![site.as_str(), former.version, former.sealed, key.sealed, key.provider])?;
    if changed > 0 {
        let on = on(site, format!("version {}, {}", key.version, key.provider.as_deref().unwrap_or("unknown")));
        audit::done(connection, occasion, Act::SiteKeyMoved, &on)?;
    }
    Ok(changed > 0)
}

fn retire(connection: &Connection, occasion: &Occasion, site: SiteId, version: u32) -> Step<Retirement> {
    let of = params![site.as_str(), version];
    let found: Option<(bool, bool)> = connection
        .prepare_cached(
            "SELECT replaced_at IS NULL, retired_at IS NOT NULL FROM site_keys WHERE site = ?1 AND version = ?2",
        )?
        .query_row(of, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => return Ok(Retirement::Unknown),
        Some((true, _)) => return Ok(Retirement::Current),
        Some((false, true)) => return Ok(Retirement::Done),
        Some((false, false)) => {}
    }
    let needed: u64 = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM data_keys WHERE site = ?1 AND site_key_version = ?2)
                  + (SELECT count(*) FROM code_apps WHERE site = ?1 AND key_version = ?2)
                  + (SELECT count(*) FROM fingerprint_keys WHERE site = ?1 AND key_version = ?2)",
        )?
        .query_row(of, |row| rows::count(row, 0))?;
    if needed > 0 {
        return Ok(Retirement::StillNeeded(needed));
    }
    // Overwritten in its place, before the row changes its size: nothing of it stays in the page.
    connection
        .prepare_cached("UPDATE site_keys SET sealed = zeroblob(length(sealed)) WHERE site = ?1 AND version = ?2")?
        .execute(of)?;
    connection
        .prepare_cached("UPDATE site_keys SET retired_at = ?3 WHERE site = ?1 AND version = ?2")?
        .execute(params![site.as_str(), version, occasion.now.0])?;
    audit::done(connection, occasion, Act::SiteKeyRetired, &on(site, format!("version {version}")))?;
    Ok(Retirement::Done)
}

fn begin(connection: &Connection, occasion: &Occasion) -> Step<Rewrap> {
    if let Some(rewrap) = under_way(connection)? {
        return Ok(rewrap);
    }
    let total: u64 = connection
        .prepare_cached(
            "WITH newest AS (SELECT site, version FROM site_keys WHERE replaced_at IS NULL)
             SELECT (SELECT count(*) FROM newest JOIN data_keys USING (site) WHERE site_key_version < version)
                  + (SELECT count(*) FROM newest JOIN code_apps USING (site) WHERE key_version < version)
                  + (SELECT count(*) FROM newest JOIN fingerprint_keys USING (site) WHERE key_version < version)",
        )?
        .query_row([], |row| rows::count(row, 0))?;
    connection
        .prepare_cached("INSERT INTO rewrap (only, started_at, total) VALUES (1, ?1, ?2)")?
        .execute(params![occasion.now.0, i64::try_from(total).unwrap_or(i64::MAX)])?;
    let on = On { detail: Some(format!("{total} to move")), ..On::default() };
    audit::done(connection, occasion, Act::RewrapStarted, &on)?;
    Ok(Rewrap { started_at: occasion.now, total })
}

fn under_way(connection: &Connection) -> Step<Option<Rewrap>> {
    let mut statement = connection.prepare_cached("SELECT started_at, total FROM rewrap")?;
    Ok(statement
        .query_row([], |row| Ok(Rewrap { started_at: rows::time(row, 0)?, total: rows::count(row, 1)? }))
        .optional()?)
}

fn to_move(connection: &Connection, site: &SiteId, newest: u32, skip: u32, limit: u32) -> Step<Vec<ToMove>> {
    let mut statement = connection.prepare_cached(
        "SELECT submission, part, NULL, site_key_version, sealed FROM data_keys WHERE site = ?1 AND site_key_version < ?2
         UNION ALL SELECT NULL, NULL, agent, key_version, sealed FROM code_apps WHERE site = ?1 AND key_version < ?2
         UNION ALL SELECT NULL, NULL, NULL, key_version, sealed FROM fingerprint_keys WHERE site = ?1 AND key_version < ?2
         LIMIT ?4 OFFSET ?3",
    )?;
    let found = statement.query_map(params![site.as_str(), newest, skip, limit], |row| {
        let what = match (rows::uuid_or_none(row, 0)?, rows::uuid_or_none(row, 2)?) {
            (Some(submission), _) => {
                Wrapped::DataKey { submission: SubmissionId::from_uuid(submission), part: row.get(1)? }
            }
            (None, Some(agent)) => Wrapped::CodeSecret { agent: AgentId::from_uuid(agent) },
            (None, None) => Wrapped::FingerprintKey,
        };
        Ok(ToMove { what, version: row.get(3)?, sealed: row.get(4)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn keep_moved(connection: &Connection, site: &SiteId, moved: &[Moved]) -> Step<u64> {
    let mut kept = 0;
    for Moved { from, version, sealed } in moved {
        refuse_retired(connection, site, *version)?;
        kept += match from.what {
            Wrapped::DataKey { submission, part } => connection
                .prepare_cached(
                    "UPDATE data_keys SET site_key_version = ?4, sealed = ?5
                     WHERE submission = ?1 AND part = ?2 AND sealed = ?3 AND site = ?6",
                )?
                .execute(params![submission.as_uuid().as_bytes(), part, from.sealed, version, sealed, site.as_str()])?,
            Wrapped::CodeSecret { agent } => connection
                .prepare_cached(
                    "UPDATE code_apps SET key_version = ?4, sealed = ?5 WHERE site = ?1 AND agent = ?2 AND sealed = ?3",
                )?
                .execute(params![site.as_str(), agent.as_uuid().as_bytes(), from.sealed, version, sealed])?,
            Wrapped::FingerprintKey => connection
                .prepare_cached(
                    "UPDATE fingerprint_keys SET key_version = ?3, sealed = ?4 WHERE site = ?1 AND sealed = ?2",
                )?
                .execute(params![site.as_str(), from.sealed, version, sealed])?,
        } as u64;
    }
    Ok(kept)
}

fn finish(connection: &Connection, occasion: &Occasion, done: u64, left: u64) -> Step<()> {
    connection.prepare_cached("DELETE FROM rewrap")?.execute([])?;
    let detail = if left == 0 { format!("{done} moved") } else { format!("{done} moved, {left} cannot be opened") };
    let on = On { detail: Some(detail), ..On::default() };
    Ok(audit::done(connection, occasion, Act::RewrapFinished, &on)?)
}

fn fingerprint_key(connection: &Connection, site: &SiteId) -> Step<Option<SealedFingerprintKey>> {
    let mut statement =
        connection.prepare_cached("SELECT key_version, sealed FROM fingerprint_keys WHERE site = ?1")?;
    let found = statement
        .query_row([site.as_str()], |row| Ok(SealedFingerprintKey { version: row.get(0)?, sealed: row.get(1)? }));
    Ok(found.optional()?)
}

fn put_fingerprint_key(
    connection: &Connection,
    site: &SiteId,
    key: &SealedFingerprintKey,
) -> Step<SealedFingerprintKey> {
    if let Some(first) = fingerprint_key(connection, site)? {
        return Ok(first);
    }
    refuse_retired(connection, site, key.version)?;
    connection
        .prepare_cached("INSERT INTO fingerprint_keys (site, key_version, sealed) VALUES (?1, ?2, ?3)")?
        .execute(params![site.as_str(), key.version, key.sealed])?;
    Ok(key.clone())
}
