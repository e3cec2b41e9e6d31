//! The desk's store on SQLite: SQL, and nothing but SQL. Every rule comes from `aside-desk-domain`.
//!
//! One connection writes, in groups, durably (`aside-commit`); a few others read what is committed. A verb is one closure in
//! the writing thread: it reads, asks the rule, writes, and either all of it stands or nothing.

mod accounts;
mod alerts;
mod attempts;
mod audit;
mod chain;
mod conversations;
mod ending;
mod entries;
mod errands;
mod factors;
mod fault;
mod former;
mod history;
mod invitation_row;
mod invitations;
mod keeping;
mod keys;
mod list;
mod passwords;
mod people;
mod policies;
mod posts;
mod privacy;
mod profiles;
mod rights;
mod row;
mod schema;
mod sending;
mod session_row;
mod sessions;
mod statements;
mod stream;
mod trail;
mod transfers;
mod visitors;

use std::path::Path;

use aside_commit::{Readers, Writer};
use aside_desk_store::{StoreError, VerbError};
use rusqlite::Connection;

use crate::fault::{Fault, Plain};
pub use crate::schema::OpenError;

/// How many connections read.
const READERS: usize = 4;

/// Reads of a few rows by their key, or of one short page: done where they are asked for. Whatever may read more goes to a
/// thread of its own.
const SHORT: &[&str] = &[
    "conversation",
    "conversation_entries_after",
    "cursor",
    "entries_after",
    "head",
    "invitation",
    "live_session",
    "security",
    "session_by_token",
    "site",
    "summary",
    "visitor_by_cookie",
    "visitor_conversation",
    "visitor_invitation",
];

/// The desk's database file. Clones share its threads.
#[derive(Clone)]
pub struct SqliteStore {
    // Before the writer: it must be the last to close the file.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database at `path`, making or migrating it as needed. A file that is made is its owner's alone.
    ///
    /// # Errors
    /// A file that is not the desk's database, a schema that this program does not know, or trouble of SQLite's.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let writer = Writer::open(path, schema::prepare)?;
        let readers = Readers::open(path, READERS)?;
        Ok(Self { writer, readers })
    }

    /// Runs a verb that can refuse in the writing thread.
    async fn verb<T: Send + 'static, R: Send + 'static>(
        &self,
        name: &'static str,
        verb: impl FnOnce(&Connection) -> Result<T, Fault<R>> + Send + 'static,
    ) -> Result<T, VerbError<R>> {
        let outcome = self.writer.write(name, verb).await.map_err(fault::of_commit)?;
        outcome.map_err(|fault| fault.into_verb(name))
    }

    /// Runs a verb that cannot refuse in the writing thread.
    async fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        verb: impl FnOnce(&Connection) -> Result<T, Plain> + Send + 'static,
    ) -> Result<T, StoreError> {
        let outcome = self.writer.write(name, verb).await.map_err(fault::of_commit)?;
        outcome.map_err(|fault| fault.into_store(name))
    }

    /// Reads what is committed, all of one moment.
    async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, Plain> + Send + 'static,
    ) -> Result<T, StoreError> {
        let outcome = if SHORT.contains(&name) {
            self.readers.look(name, read).await
        } else {
            self.readers.read(name, read).await
        };
        outcome.map_err(fault::of_commit)?.map_err(|fault| fault.into_store(name))
    }
}

#[cfg(test)]
mod tests;
