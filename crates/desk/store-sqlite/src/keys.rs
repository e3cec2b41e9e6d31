//! API keys.

use aside_base::{ApiKeyId, KeyHash, SiteId, Timestamp};
use aside_desk_domain::{Action, ApiKey, By, KeyRefusal, MOST_KEYS, Outcome, Permissions, Target, may_create_key};
use aside_desk_store::{ApiKeys, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::row::{BlobId, all, corrupt, execute, hash, id, moment, moment_or_none, one, site};
use crate::{SqliteStore, accounts, audit};

/// A use is noted to the minute, in milliseconds.
const MINUTE: i64 = 60_000;

macro_rules! key_columns {
    () => {
        "id, site, name, prefix, scopes, created_by, created_at, expires_at, last_used_at, revoked_at"
    };
}

crate::statements::statements! {
    ADD = concat!("INSERT INTO api_keys (", key_columns!(), ", secret) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)");
    KEYS = concat!("SELECT ", key_columns!(), " FROM api_keys WHERE site = ? ORDER BY created_at DESC, id DESC");
    KEY = concat!("SELECT ", key_columns!(), ", secret FROM api_keys WHERE id = ?");
    LIVING = "SELECT count(*) FROM api_keys WHERE site = ? AND revoked_at IS NULL AND expires_at > ?";
    REVOKE = "UPDATE api_keys SET revoked_at = ?3 WHERE id = ?1 AND site = ?2 AND revoked_at IS NULL";
    OF_SITE = "SELECT 1 FROM api_keys WHERE id = ? AND site = ?";
    USED = "UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
}

fn read_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let scopes = row.get_ref(4)?.as_str()?.split_ascii_whitespace();
    Ok(ApiKey {
        id: id(row, 0)?,
        site: site(row, 1)?,
        name: row.get(2)?,
        prefix: row.get(3)?,
        scopes: scopes.map(str::parse).collect::<Result<_, _>>().map_err(|error| corrupt(4, error))?,
        created_by: id(row, 5)?,
        created_at: moment(row, 6)?,
        expires_at: moment(row, 7)?,
        last_used_at: moment_or_none(row, 8)?,
        revoked_at: moment_or_none(row, 9)?,
    })
}

fn create(connection: &Connection, key: &ApiKey, secret: KeyHash, by: &By) -> Result<(), Fault<KeyRefusal>> {
    let maker = accounts::account(connection, &key.site, key.created_by)?;
    let own = maker.filter(|maker| by.agent() == Some(maker.agent.id));
    let permissions = own.map_or(Permissions::NONE, |maker| maker.effective());
    may_create_key(key, permissions).map_err(Fault::Refused)?;
    let living = params![key.site.as_str(), by.at.0];
    if one(connection, LIVING, living, |row| row.get(0))?.unwrap_or(0_u32) >= MOST_KEYS {
        return Err(Fault::Refused(KeyRefusal::TooMany));
    }
    let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let row = params![
        key.id.blob(),
        key.site.as_str(),
        key.name,
        key.prefix,
        scopes,
        key.created_by.blob(),
        key.created_at.0,
        key.expires_at.0,
        secret.0
    ];
    execute(connection, ADD, row)?;
    Ok(audit::note(connection, &key.site, by, Action::CreateKey, Target::ApiKey(key.id), Outcome::Done)?)
}

fn revoke(connection: &Connection, site: &SiteId, key: ApiKeyId, by: &By) -> Result<(), Fault<KeyRefusal>> {
    if one(connection, OF_SITE, params![key.blob(), site.as_str()], |_| Ok(()))?.is_none() {
        return Err(Fault::Refused(KeyRefusal::NotFound));
    }
    if execute(connection, REVOKE, params![key.blob(), site.as_str(), by.at.0])? == 1 {
        audit::note(connection, site, by, Action::RevokeKey, Target::ApiKey(key), Outcome::Done)?;
    }
    Ok(())
}

/// The live key of that id and secret. The hash is of 256 random bits: how long it takes to differ tells nothing.
fn find(connection: &Connection, key: ApiKeyId, secret: KeyHash, now: Timestamp) -> rusqlite::Result<Option<ApiKey>> {
    let found = one(connection, KEY, [key.blob()], |row| Ok((read_key(row)?, hash(row, 10)?)))?;
    Ok(found.filter(|(key, kept)| *kept == secret && key.is_live(now)).map(|(key, _)| key))
}

#[async_trait]
impl ApiKeys for SqliteStore {
    async fn api_keys(&self, site: &SiteId) -> Result<Vec<ApiKey>, StoreError> {
        let site = site.clone();
        self.read("api_keys", move |connection| Ok(all(connection, KEYS, [site.as_str()], read_key)?)).await
    }

    async fn create_api_key(&self, key: ApiKey, secret: KeyHash, by: By) -> Result<(), VerbError<KeyRefusal>> {
        self.verb("create_api_key", move |connection| create(connection, &key, secret, &by)).await
    }

    async fn revoke_api_key(&self, site: &SiteId, key: ApiKeyId, by: By) -> Result<(), VerbError<KeyRefusal>> {
        let site = site.clone();
        self.verb("revoke_api_key", move |connection| revoke(connection, &site, key, &by)).await
    }

    async fn use_api_key(&self, key: ApiKeyId, secret: KeyHash, now: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        let found = self.read("use_api_key", move |connection| Ok(find(connection, key, secret, now)?)).await?;
        let Some(found) = found else { return Ok(None) };
        if found.last_used_at.is_some_and(|last| now.0 - last.0 < MINUTE) {
            return Ok(Some(found));
        }
        self.write("use_api_key", move |connection| {
            // Asked again where it is written: it may have been revoked since.
            let found = find(connection, key, secret, now)?;
            if found.is_some() {
                execute(connection, USED, params![key.blob(), now.0])?;
            }
            Ok(found.map(|found| ApiKey { last_used_at: Some(now), ..found }))
        })
        .await
    }
}
