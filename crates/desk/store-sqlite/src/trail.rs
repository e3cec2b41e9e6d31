//! Looking into both logs: a walk through each, newest first, merged by time; and who looked at answers.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use aside_base::{AgentId, SiteId, Timestamp};
use aside_chain::{Body, Content, Hash, Place};
use aside_desk_domain::{AuditCursor, AuditFilter, AuditScope, FoundEntry, FoundPage, Look, Sighting, Zone};
use aside_desk_store::{AuditTrail, ExportEntry, ExportPage, Looks, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::SqliteStore;
use crate::chain::{mirror_page, mirrored};
use crate::row::{all, corrupt, one};

crate::statements::statements! {
    DESK_BACK = "SELECT sequence, hash, body FROM audit WHERE at <= ?1 AND (at < ?1 OR sequence < ?2) AND at >= ?3 ORDER BY at DESC, sequence DESC LIMIT ?4";
    VAULT_BACK = "SELECT sequence, hash, body FROM vault_audit WHERE chain = ?5 AND body IS NOT NULL AND at <= ?1 AND (at < ?1 OR sequence < ?2) AND at >= ?3 ORDER BY at DESC, sequence DESC LIMIT ?4";
    DESK_HASH = "SELECT hash FROM audit WHERE sequence = ?";
    VAULT_HASH = "SELECT hash FROM vault_audit WHERE chain = ? AND sequence = ?";
    DESK_FIRST = "SELECT min(sequence) FROM audit WHERE at >= ?";
    VAULT_FIRST = "SELECT min(sequence) FROM vault_audit WHERE chain = ? AND body IS NOT NULL AND at >= ?";
    NAMED = "SELECT id FROM agents WHERE site = ?1 AND (instr(lower(name), ?2) > 0 OR instr(lower(display_name), ?2) > 0)";
    OF_SESSION = "SELECT a.id, a.display_name FROM sessions s JOIN agents a ON a.id = s.agent WHERE s.id = ?";
    NAME = "SELECT display_name FROM agents WHERE id = ?";
    LOOKS = "SELECT v.at, v.act, v.body FROM vault_audit v WHERE v.chain = ? AND v.act IN ('viewed', 'revealed', 'view_closed') AND v.at >= ? AND v.at < ? ORDER BY v.at, v.sequence";
}

/// Entries read at a time.
const PAGE: u32 = 500;
/// Entries that one search looks at.
const LOOKED_AT: usize = 20_000;

type Back = (Place, String);

fn read_back(row: &Row<'_>) -> rusqlite::Result<Back> {
    Ok((Place { sequence: row.get(0)?, hash: Hash(row.get(1)?) }, row.get(2)?))
}

fn parse(text: &str) -> rusqlite::Result<Body> {
    Body::parse(text).map_err(|error| corrupt(2, error))
}

/// The people behind sessions and ids, each asked for once.
struct People<'c> {
    connection: &'c Connection,
    sessions: HashMap<String, Option<(String, String)>>,
    names: HashMap<String, Option<(String, String)>>,
}

impl<'c> People<'c> {
    fn new(connection: &'c Connection) -> Self {
        Self { connection, sessions: HashMap::new(), names: HashMap::new() }
    }

    /// Who did it, with the name: the account that is named, or the one behind the session.
    fn behind(&mut self, body: &Body) -> rusqlite::Result<Option<(String, String)>> {
        if body.who.kind == "agent"
            && let Some(id) = &body.who.id
        {
            return self.name(id);
        }
        // What a visitor does with a form stands beside the session that sent it, and is not that agent's doing.
        if body.who.kind == "visitor" {
            return Ok(None);
        }
        let Some(session) = &body.session else { return Ok(None) };
        if let Some(known) = self.sessions.get(session) {
            return Ok(known.clone());
        }
        let found = match session.parse::<Uuid>() {
            Ok(id) => one(self.connection, OF_SESSION, [id.as_bytes()], |row| {
                Ok((Uuid::from_bytes(row.get(0)?).to_string(), row.get(1)?))
            })?,
            Err(_) => None,
        };
        self.sessions.insert(session.clone(), found.clone());
        Ok(found)
    }

    fn name(&mut self, id: &str) -> rusqlite::Result<Option<(String, String)>> {
        if let Some(known) = self.names.get(id) {
            return Ok(known.clone());
        }
        let found = match id.parse::<Uuid>() {
            Ok(uuid) => one(self.connection, NAME, [uuid.as_bytes()], |row| Ok((id.to_owned(), row.get(0)?)))?,
            Err(_) => None,
        };
        self.names.insert(id.to_owned(), found.clone());
        Ok(found)
    }
}

/// One zone's log, walked newest first.
struct Walk<'c> {
    connection: &'c Connection,
    zone: Zone,
    /// The mirror's number; none where no vault was heard of.
    mirror: Option<i64>,
    from: i64,
    at: i64,
    sequence: i64,
    waiting: VecDeque<Back>,
    done: bool,
}

impl Walk<'_> {
    fn next(&mut self) -> rusqlite::Result<Option<(Place, Body, String)>> {
        if self.waiting.is_empty() && !self.done {
            let (at, sequence, from) = (self.at, self.sequence, self.from);
            let page = match (self.zone, self.mirror) {
                (Zone::Desk, _) => all(self.connection, DESK_BACK, params![at, sequence, from, PAGE], read_back)?,
                (Zone::Vault, None) => Vec::new(),
                (Zone::Vault, Some(mirror)) => {
                    all(self.connection, VAULT_BACK, params![at, sequence, from, PAGE, mirror], read_back)?
                }
            };
            self.done = page.len() < PAGE as usize;
            self.waiting = page.into();
        }
        let Some((place, text)) = self.waiting.pop_front() else { return Ok(None) };
        let body = parse(&text)?;
        (self.at, self.sequence) = (body.at.0, place.sequence);
        Ok(Some((place, body, text)))
    }

    fn previous(&self, sequence: i64) -> rusqlite::Result<Option<Hash>> {
        match (self.zone, self.mirror) {
            (Zone::Desk, _) => one(self.connection, DESK_HASH, [sequence - 1], |row| row.get(0).map(Hash)),
            (Zone::Vault, Some(mirror)) => {
                one(self.connection, VAULT_HASH, [mirror, sequence - 1], |row| row.get(0).map(Hash))
            }
            (Zone::Vault, None) => Ok(None),
        }
    }
}

fn before_first(connection: &Connection, zone: Zone) -> rusqlite::Result<Option<Place>> {
    Ok(match zone {
        Zone::Desk => Some(match aside_chain_sqlite::anchor(connection)? {
            Some(anchor) => anchor.place(),
            None => Place::before_first(aside_chain_sqlite::chain_id(connection)?),
        }),
        Zone::Vault => mirrored(connection)?.map(|found| found.mirror.after),
    })
}

fn named(connection: &Connection, scope: &AuditScope, text: Option<&String>) -> rusqlite::Result<HashSet<String>> {
    let Some(text) = text else { return Ok(HashSet::new()) };
    let found = all(connection, NAMED, params![scope.site.as_str(), text.to_lowercase()], |row| {
        Ok(Uuid::from_bytes(row.get(0)?).to_string())
    })?;
    Ok(found.into_iter().collect())
}

fn search(
    connection: &Connection,
    scope: &AuditScope,
    filter: &AuditFilter,
    before: Option<AuditCursor>,
    limit: usize,
) -> rusqlite::Result<FoundPage> {
    let mirror = mirrored(connection)?.map(|found| found.number);
    let latest = filter.until.map_or(i64::MAX, |until| until.0.saturating_sub(1));
    let walk = |zone: Zone| {
        let (at, sequence) = match before {
            None => (latest, i64::MAX),
            // At the same moment the other zone stands wholly before or wholly behind.
            Some(before) if before.at.0 > latest => (latest, i64::MAX),
            Some(before) => match zone.cmp(&before.zone) {
                std::cmp::Ordering::Equal => (before.at.0, before.sequence),
                std::cmp::Ordering::Less => (before.at.0, i64::MAX),
                std::cmp::Ordering::Greater => (before.at.0, i64::MIN),
            },
        };
        let from = filter.from.map_or(i64::MIN, |from| from.0);
        let done = filter.zone.is_some_and(|only| only != zone);
        Walk { connection, zone, mirror, from, at, sequence, waiting: VecDeque::new(), done }
    };
    let mut walks = [walk(Zone::Desk), walk(Zone::Vault)];
    let mut heads = [walks[0].next()?, walks[1].next()?];
    let mut people = People::new(connection);
    let names = named(connection, scope, filter.text.as_ref())?;
    let (mut entries, mut last) = (Vec::new(), None);
    for _ in 0..LOOKED_AT {
        let cursor = |zone: Zone, head: &Option<(Place, Body, String)>| {
            head.as_ref().map(|(place, body, _)| AuditCursor { at: body.at, zone, sequence: place.sequence })
        };
        let newest = cursor(Zone::Desk, &heads[0]).max(cursor(Zone::Vault, &heads[1]));
        let Some(newest) = newest else { return Ok(FoundPage { entries, next: None }) };
        if entries.len() == limit {
            return Ok(FoundPage { entries, next: last });
        }
        let which = usize::from(newest.zone == Zone::Vault);
        let next = walks[which].next()?;
        let Some((place, body, text)) = std::mem::replace(&mut heads[which], next) else { continue };
        last = Some(newest);
        if !scope.admits(&body) {
            continue;
        }
        let person = people.behind(&body)?;
        if !filter.admits(&body, &text, person.as_ref().map(|(id, _)| id.as_str()), &names) {
            continue;
        }
        let previous = match walks[which].previous(place.sequence)? {
            Some(hash) => hash,
            None => before_first(connection, newest.zone)?.map_or(place.hash, |place| place.hash),
        };
        entries.push(FoundEntry { zone: newest.zone, place, previous, body, person });
    }
    Ok(FoundPage { entries, next: last })
}

fn export_start(connection: &Connection, zone: Zone, from: Option<Timestamp>) -> rusqlite::Result<Option<Place>> {
    let Some(begin) = before_first(connection, zone)? else { return Ok(None) };
    let Some(from) = from else { return Ok(Some(begin)) };
    let mirror = mirrored(connection)?.map(|found| found.number);
    let found: Option<i64> = match (zone, mirror) {
        (Zone::Desk, _) => one(connection, DESK_FIRST, [from.0], |row| row.get(0))?.flatten(),
        (Zone::Vault, Some(mirror)) => one(connection, VAULT_FIRST, [mirror, from.0], |row| row.get(0))?.flatten(),
        (Zone::Vault, None) => None,
    };
    let Some(sequence) = found else {
        return Ok(Some(match zone {
            Zone::Desk => aside_chain_sqlite::head(connection)?,
            Zone::Vault => mirrored(connection)?.map_or(begin, |found| found.mirror.last),
        }));
    };
    let before = sequence - 1;
    let hash = match (zone, mirror) {
        (Zone::Vault, Some(mirror)) => one(connection, VAULT_HASH, [mirror, before], |row| row.get(0).map(Hash))?,
        _ => one(connection, DESK_HASH, [before], |row| row.get(0).map(Hash))?,
    };
    Ok(Some(hash.map_or(begin, |hash| Place { sequence: before, hash })))
}

fn export_page(
    connection: &Connection,
    zone: Zone,
    scope: &AuditScope,
    filter: &AuditFilter,
    (after, until): (i64, i64),
) -> rusqlite::Result<ExportPage> {
    let read: Vec<(Place, Option<String>, Hash)> = match zone {
        Zone::Desk => aside_chain_sqlite::page(connection, after, PAGE)?
            .into_iter()
            .map(|stored| {
                let hash = Content::Body(&stored.body).hash();
                (stored.place, Some(stored.body), hash)
            })
            .collect(),
        Zone::Vault => match mirrored(connection)? {
            None => Vec::new(),
            Some(found) => mirror_page(connection, found.number, after, PAGE)?
                .into_iter()
                .map(|entry| (entry.place, entry.body, entry.body_hash))
                .collect(),
        },
    };
    let more = read.len() == PAGE as usize && read.last().is_some_and(|(place, ..)| place.sequence < until);
    let mut people = People::new(connection);
    let names = named(connection, scope, filter.text.as_ref())?;
    let mut at = Timestamp(0);
    let mut entries = Vec::with_capacity(read.len());
    for (place, text, body_hash) in read.into_iter().filter(|(place, ..)| place.sequence <= until) {
        let mut entry = ExportEntry { place, at, body: None, body_hash, name: None };
        if let Some(text) = text {
            let body = parse(&text)?;
            (at, entry.at) = (body.at, body.at);
            let person = people.behind(&body)?;
            let asked = filter.admits(&body, &text, person.as_ref().map(|(id, _)| id.as_str()), &names);
            if asked && scope.admits(&body) {
                (entry.body, entry.name) = (Some(text), person.map(|(_, name)| name));
            }
        }
        entries.push(entry);
    }
    Ok(ExportPage { entries, more })
}

fn sightings(
    connection: &Connection,
    site: &SiteId,
    from: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<Vec<Sighting>> {
    let Some(found) = mirrored(connection)? else { return Ok(Vec::new()) };
    let rows = all(connection, LOOKS, params![found.number, from.0, until.0], |row| {
        Ok((Timestamp(row.get(0)?), row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    let mut people = People::new(connection);
    let mut seen = Vec::new();
    for (at, act, text) in rows {
        let body = parse(&text)?;
        if body.result != "done" || body.site.as_deref() != Some(site.as_str()) {
            continue;
        }
        let look = match act.as_str() {
            "viewed" => Look::View,
            "revealed" => Look::Reveal,
            _ => Look::Close,
        };
        let agent = people.behind(&body)?.and_then(|(id, _)| id.parse().ok());
        seen.push(Sighting { at, look, agent, view: body.on.get("view").cloned() });
    }
    Ok(seen)
}

fn looks(seen: &[Sighting]) -> Vec<Looks> {
    let mut all: BTreeMap<AgentId, Looks> = BTreeMap::new();
    for sighting in seen.iter().filter(|sighting| sighting.look != Look::Close) {
        let Some(agent) = sighting.agent else { continue };
        let at = sighting.at;
        let looks = all.entry(agent).or_insert(Looks { agent, views: 0, reveals: 0, last_at: at });
        let count = if sighting.look == Look::View { &mut looks.views } else { &mut looks.reveals };
        *count = count.saturating_add(1);
        looks.last_at = looks.last_at.max(at);
    }
    all.into_values().collect()
}

#[async_trait]
impl AuditTrail for SqliteStore {
    async fn search_audit(
        &self,
        scope: AuditScope,
        filter: AuditFilter,
        before: Option<AuditCursor>,
        limit: u32,
    ) -> Result<FoundPage, StoreError> {
        self.read("search_audit", move |db| Ok(search(db, &scope, &filter, before, limit as usize)?)).await
    }

    async fn export_start(&self, zone: Zone, from: Option<Timestamp>) -> Result<Option<Place>, StoreError> {
        self.read("export_start", move |db| Ok(export_start(db, zone, from)?)).await
    }

    async fn export_page(
        &self,
        zone: Zone,
        scope: AuditScope,
        filter: AuditFilter,
        after: i64,
        until: i64,
    ) -> Result<ExportPage, StoreError> {
        self.read("export_page", move |db| Ok(export_page(db, zone, &scope, &filter, (after, until))?)).await
    }

    async fn sightings(&self, site: SiteId, from: Timestamp, until: Timestamp) -> Result<Vec<Sighting>, StoreError> {
        self.read("sightings", move |db| Ok(sightings(db, &site, from, until)?)).await
    }

    async fn looks(&self, site: SiteId, from: Timestamp, until: Timestamp) -> Result<Vec<Looks>, StoreError> {
        self.read("looks", move |db| Ok(looks(&sightings(db, &site, from, until)?))).await
    }
}
