//! The vault's events and their effects: applied exactly once, because cursor and effects share a transaction.

use aside_base::{InvitationId, SiteId, Timestamp};
use aside_desk_domain::{Cursor, Entry};
use aside_wire::{EventPage, InvitationStatus};
use async_trait::async_trait;
use uuid::Uuid;

use crate::StoreError;

/// What became of a page of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The cursor moved; these entries are new.
    Done(Vec<Entry>),
    /// The page does not continue what the desk has: nothing was changed, resynchronise.
    OtherStream,
}

/// An invitation whose status a resynchronisation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Its site.
    pub site: SiteId,
    /// Its id.
    pub invitation: InvitationId,
}

/// What the vault said about one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Which.
    pub followed: Followed,
    /// Its status; none when the vault does not know it.
    pub status: Option<InvitationStatus>,
}

/// The vault's stream as the desk follows it.
#[async_trait]
pub trait VaultStream: Send + Sync {
    /// How far it was read; none before the first resynchronisation.
    async fn cursor(&self) -> Result<Option<Cursor>, StoreError>;

    /// Applies a page: statuses move on where they may, entries are written, the cursor moves to the last event, all in
    /// one transaction. Events up to the cursor are skipped; those about unknown invitations, or about ones of another
    /// site than they say, have no effect.
    async fn apply_events(&self, page: EventPage, now: Timestamp) -> Result<Applied, StoreError>;

    /// The shown invitations that something may still happen to.
    async fn followed_invitations(&self) -> Result<Vec<Followed>, StoreError>;

    /// Sets the statuses as the vault tells them, where they move on, and the cursor to `head` of `epoch`, in one
    /// transaction. `heard` must have been asked for after the page that told `head` was read. What the vault does not
    /// know, and was not answered, failed.
    async fn resynchronise(
        &self,
        epoch: Uuid,
        head: i64,
        heard: Vec<Heard>,
        now: Timestamp,
    ) -> Result<Vec<Entry>, StoreError>;
}
