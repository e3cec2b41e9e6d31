//! Fills a vault's database with submissions of long ago, through the store, for `aside bench --rows`: what a lifecycle costs
//! beside millions of stored ones. A program of its own, so that no vault that is installed can do it.
//!
//! `aside-fill --database vault.sqlite --site northwind --rows 10000`, while the vault does not run. What it stores has the size of
//! sealed answers and is random: nothing can open it, and nothing will.

#![expect(clippy::print_stderr, reason = "a command line tool talks to its user")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aside_base::{
    AgentId, AnswerToken, Clock as _, ConversationId, DefinitionHash, InvitationId, KeyHash, OneTimeKey, Rng,
    SessionId, SiteId, SubmissionId, Timestamp,
};
use aside_operate::{SystemClock, SystemRng};
use aside_vault_domain::{
    Caller, CallerKind, Lease, NewFactor, Occasion, Reference, SealedAnswer, SealedDataKey, SealedSubmission,
};
use aside_vault_store::{AddFactor, MintKey, Open, Store as _, Submit};
use aside_vault_store_sqlite::SqliteStore;
use aside_wire::{AgentRights, Channel, Clocks, Invite, Reopen, StartSession};
use clap::Parser;

/// Writers at once: as many as share a commit.
const AT_ONCE: u64 = 256;
/// From when until when it all was, in days before today: longer ago than events and keys are kept.
const DAYS_AGO: (i64, i64) = (200, 30);
const DAY_MILLIS: i64 = 86_400_000;

#[derive(Debug, Parser)]
struct Arguments {
    /// The vault's database.
    #[arg(long)]
    database: PathBuf,
    /// The site, which the vault knows already, with a key.
    #[arg(long)]
    site: SiteId,
    /// How many submissions.
    #[arg(long)]
    rows: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let filler = Arc::new(Filler::begin(&arguments).await?);
    let rows = arguments.rows;
    let left = Arc::new(AtomicU64::new(rows));
    let mut writers = Vec::new();
    for _ in 0..AT_ONCE {
        let (filler, left) = (Arc::clone(&filler), Arc::clone(&left));
        writers.push(tokio::spawn(async move {
            while let Ok(left) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
                filler.submission(filler.moment(rows - left, rows)).await?;
            }
            Ok::<(), aside_vault_store::Error>(())
        }));
    }
    for writer in writers {
        writer.await??;
    }
    filler.tidy().await?;
    eprintln!("{rows} submissions");
    Ok(())
}

/// A session of long ago, and what it sends.
struct Filler {
    store: SqliteStore,
    rng: SystemRng,
    site: SiteId,
    definition: DefinitionHash,
    session: SessionId,
    then: Timestamp,
    now: Timestamp,
}

impl Filler {
    async fn begin(arguments: &Arguments) -> Result<Self, Box<dyn Error>> {
        let rng = SystemRng::default();
        let store = SqliteStore::open(&arguments.database, &rng)?;
        let now = SystemClock.now();
        let then = Timestamp(now.0 - DAYS_AGO.0 * DAY_MILLIS);
        let form = aside_form::out_of_the_box().map_err(|_| "the forms out of the box are broken")?.swap_remove(0);
        let (session, agent) = (SessionId::generate(then, &rng), AgentId::generate(then, &rng));
        let (definition, site) = (form.hash().clone(), arguments.site.clone());
        let filler = Self { store, rng, site, definition, session, then, now };

        let rights = AgentRights { secure_forms: true, card_numbers: true, ..AgentRights::default() };
        let start = StartSession { session, agent, agent_name: "Filler".into(), rights };
        let (enrol, viewer) = (filler.key(), filler.key());
        let mint = MintKey { hash: enrol, expires_at: then.plus_seconds(60) };
        let by = |kind| filler.by(kind, then);
        filler.store.start_session(by(CallerKind::Desk), filler.site.clone(), start, mint).await?;
        filler.store.enrol(by(CallerKind::Viewer), enrol, viewer).await?;
        let factor = NewFactor::Passkey {
            id: filler.random::<16>(),
            public_key: filler.random::<77>(),
            counter: 1,
            backup_eligible: false,
            name: "Filler".into(),
        };
        filler.store.add_factor(by(CallerKind::Viewer), AddFactor { viewer, lease: Lease::Alive, factor }).await?;
        Ok(filler)
    }

    /// When the submission of this number was made: evenly spread, so that they lie in the database as time would have laid them.
    fn moment(&self, number: u64, of: u64) -> Timestamp {
        let span = (DAYS_AGO.0 - DAYS_AGO.1) * DAY_MILLIS;
        let since = i128::from(span) * i128::from(number) / i128::from(of.max(1));
        Timestamp(self.then.0 + i64::try_from(since).unwrap_or(span))
    }

    /// One form, sent, opened and submitted.
    async fn submission(&self, at: Timestamp) -> aside_vault_store::Result<()> {
        let invitation = InvitationId::generate(at, &self.rng);
        let (open, submit, device) = (self.key(), self.key(), self.key());
        let invite = Invite {
            invitation,
            conversation: ConversationId::generate(at, &self.rng),
            session: self.session,
            agent_name: "Filler".into(),
            definition: self.definition.clone(),
            channel: Channel::Link,
            clocks: Clocks::default(),
            locale: "en".into(),
            reopen: Reopen::SameDevice,
        };
        let reference = Reference::generate(&self.rng);
        self.store.invite(self.by(CallerKind::Desk, at), self.site.clone(), invite, reference, Some(open)).await?;
        let opened = Open { key: open, device: Some(device), submit: Some(submit) };
        self.store.open(self.by(CallerKind::Visitor, at), opened).await?;
        let answer = |question: &str, sealed: Vec<u8>| SealedAnswer {
            token: AnswerToken::generate(at, &self.rng),
            question: question.into(),
            part: 1,
            sealed: Some(sealed),
            fingerprint: None,
            erased_at: None,
        };
        let submission = SealedSubmission {
            id: SubmissionId::generate(at, &self.rng),
            data_keys: vec![SealedDataKey {
                part: 1,
                version: 1,
                born_version: 1,
                sealed: self.random::<61>(),
                erase_at: Timestamp(at.0 + 395 * DAY_MILLIS),
                at_close: false,
            }],
            answers: vec![
                answer("name", self.random::<42>()),
                answer("number", self.random::<45>()),
                answer("expiry", self.random::<36>()),
            ],
        };
        let submit = Submit { invitation, key: submit, device: Some(device), submission, gone_at: None };
        self.store.submit(self.by(CallerKind::Visitor, at), submit).await.map(drop)
    }

    /// Takes away what a vault of this age would not have any more: used keys and events that the desk has applied.
    async fn tidy(&self) -> aside_vault_store::Result<()> {
        let head = self.store.events(vec![self.site.clone()], i64::MAX - 1).await?.head;
        self.store.acknowledge_events(vec![self.site.clone()], head).await?;
        loop {
            let purged = self.store.purge(self.now, 5_000).await?;
            if purged.keys == 0 && purged.events == 0 {
                return Ok(());
            }
        }
    }

    fn by(&self, kind: CallerKind, now: Timestamp) -> Occasion {
        let name = if kind == CallerKind::Desk { "filler" } else { "" };
        Occasion { now, caller: Caller { kind, name: name.into(), address: "192.0.2.1".into() } }
    }

    fn random<const N: usize>(&self) -> Vec<u8> {
        let rng: &dyn Rng = &self.rng;
        rng.bytes::<N>().to_vec()
    }

    fn key(&self) -> KeyHash {
        OneTimeKey::generate(&self.rng).hash()
    }
}
