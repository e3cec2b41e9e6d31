//! Between columns and the domain's types.

use std::error::Error;

use aside_base::{
    AgentId, ApiKeyId, ConversationId, InvitationId, KeyHash, MessageId, PasskeyId, ProfileId, SessionId, SiteId,
    SubmissionId, Timestamp, VisitorId,
};
use aside_desk_domain::{AgentRef, ConversationStatus, Status, Where};
use aside_wire::{CancelReason, Channel, EraseReason, GoneReason, Reopen};
use rusqlite::types::Type;
use rusqlite::{Connection, Params, Row};
use uuid::Uuid;

/// A typed id as its 16 bytes.
pub(crate) trait BlobId: Sized {
    /// The bytes.
    fn blob(&self) -> [u8; 16];
    /// The id of these bytes.
    fn of_blob(blob: [u8; 16]) -> Self;
}

macro_rules! blob_ids {
    ($($id:ident),+) => {$(
        impl BlobId for $id {
            fn blob(&self) -> [u8; 16] {
                *self.as_uuid().as_bytes()
            }

            fn of_blob(blob: [u8; 16]) -> Self {
                Self::from_uuid(Uuid::from_bytes(blob))
            }
        }
    )+};
}

blob_ids!(
    AgentId,
    ApiKeyId,
    ConversationId,
    InvitationId,
    MessageId,
    PasskeyId,
    ProfileId,
    SessionId,
    SubmissionId,
    VisitorId
);

/// What this program never wrote stands in a column.
pub(crate) fn corrupt(column: usize, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

#[derive(Debug, thiserror::Error)]
#[error("an unknown word")]
struct UnknownWord;

pub(crate) fn id<T: BlobId>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get(column).map(T::of_blob)
}

pub(crate) fn id_or_none<T: BlobId>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(T::of_blob))
}

pub(crate) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

pub(crate) fn moment_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// A column whose text has a type of its own.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    row.get_ref(column)?.as_str()?.parse().map_err(|error| corrupt(column, error))
}

pub(crate) fn site(row: &Row<'_>, column: usize) -> rusqlite::Result<SiteId> {
    parsed(row, column)
}

/// A name of a fixed list of the domain's, such as a role or a stage.
pub(crate) fn named<T: Copy>(
    row: &Row<'_>,
    column: usize,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    all.iter().copied().find(|candidate| name(*candidate) == text).ok_or_else(|| corrupt(column, UnknownWord))
}

pub(crate) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<KeyHash> {
    row.get(column).map(KeyHash)
}

/// An address that a request came from.
pub(crate) fn address(row: &Row<'_>, column: usize) -> rusqlite::Result<Where> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|error| corrupt(column, error))).transpose()
}

/// An agent's id and display name in two neighbouring columns.
pub(crate) fn agent_ref(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AgentRef>> {
    match id_or_none(row, column)? {
        Some(id) => Ok(Some(AgentRef { id, display_name: row.get(column + 1)? })),
        None => Ok(None),
    }
}

/// A conversation is closed as soon as it has a moment of closing.
pub(crate) const fn conversation_status(closed_at: Option<Timestamp>) -> ConversationStatus {
    if closed_at.is_some() { ConversationStatus::Closed } else { ConversationStatus::Open }
}

pub(crate) fn status_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Status>> {
    let Some(name) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    let status = Status::ALL.into_iter().find(|status| status.as_str() == name);
    status.map(Some).ok_or_else(|| corrupt(column, UnknownWord))
}

pub(crate) const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Web => "web",
        Channel::Link => "link",
    }
}

pub(crate) fn channel(row: &Row<'_>, column: usize) -> rusqlite::Result<Channel> {
    match row.get_ref(column)?.as_str()? {
        "web" => Ok(Channel::Web),
        "link" => Ok(Channel::Link),
        _ => Err(corrupt(column, UnknownWord)),
    }
}

pub(crate) const fn reopen_name(reopen: Reopen) -> &'static str {
    match reopen {
        Reopen::SameDevice => "same_device",
        Reopen::Once => "once",
    }
}

pub(crate) fn reopen(row: &Row<'_>, column: usize) -> rusqlite::Result<Reopen> {
    named(row, column, &[Reopen::SameDevice, Reopen::Once], reopen_name)
}

pub(crate) const fn gone_name(why: GoneReason) -> &'static str {
    match why {
        GoneReason::Done => "done",
        GoneReason::Time => "time",
        GoneReason::SessionEnded => "session_ended",
        GoneReason::ConversationClosed => "conversation_closed",
        GoneReason::Transferred => "transferred",
        GoneReason::RightLost => "right_lost",
        GoneReason::Restart => "restart",
    }
}

const ALL_GONE: [GoneReason; 7] = [
    GoneReason::Done,
    GoneReason::Time,
    GoneReason::SessionEnded,
    GoneReason::ConversationClosed,
    GoneReason::Transferred,
    GoneReason::RightLost,
    GoneReason::Restart,
];

pub(crate) fn gone(row: &Row<'_>, column: usize) -> rusqlite::Result<GoneReason> {
    named(row, column, &ALL_GONE, gone_name)
}

pub(crate) const fn erased_name(why: EraseReason) -> &'static str {
    match why {
        EraseReason::Retention => "retention",
        EraseReason::Request => "request",
        EraseReason::Closed => "closed",
    }
}

pub(crate) fn erased(row: &Row<'_>, column: usize) -> rusqlite::Result<EraseReason> {
    named(row, column, &[EraseReason::Retention, EraseReason::Request, EraseReason::Closed], erased_name)
}

/// What a column says, where it says anything.
pub(crate) fn where_set<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&Row<'_>, usize) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null { Ok(None) } else { read(row, column).map(Some) }
}

pub(crate) const fn reason_name(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Agent => "agent",
        CancelReason::SessionEnded => "session_ended",
        CancelReason::ConversationClosed => "conversation_closed",
        CancelReason::RightLost => "right_lost",
        CancelReason::Stopped => "stopped",
        CancelReason::Transferred => "transferred",
        CancelReason::FormClosed => "form_closed",
        CancelReason::AnotherForm => "another_form",
    }
}

pub(crate) fn reason_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<CancelReason>> {
    match row.get::<_, Option<String>>(column)?.as_deref() {
        None => Ok(None),
        Some("agent") => Ok(Some(CancelReason::Agent)),
        Some("session_ended") => Ok(Some(CancelReason::SessionEnded)),
        Some("conversation_closed") => Ok(Some(CancelReason::ConversationClosed)),
        Some("right_lost") => Ok(Some(CancelReason::RightLost)),
        Some("stopped") => Ok(Some(CancelReason::Stopped)),
        Some("transferred") => Ok(Some(CancelReason::Transferred)),
        Some("form_closed") => Ok(Some(CancelReason::FormClosed)),
        Some("another_form") => Ok(Some(CancelReason::AnotherForm)),
        Some(_) => Err(corrupt(column, UnknownWord)),
    }
}

/// Runs a statement that answers nothing; says how many rows it changed.
pub(crate) fn execute(connection: &Connection, sql: &str, parameters: impl Params) -> rusqlite::Result<usize> {
    connection.prepare_cached(sql)?.execute(parameters)
}

/// The one row of a query, if there is one.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(read).transpose()
}

/// All rows of a query.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(parameters, read)?.collect()
}
