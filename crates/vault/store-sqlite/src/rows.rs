//! How the domain's values stand in columns, and how they are read back. A value that does not read back is a fault, never
//! a guess.

use aside_base::{KeyHash, Timestamp};
use aside_vault_domain::{Clock, State};
use aside_wire::{AgentRights, CancelReason, Channel, EraseReason, GoneReason, HistoryReason, Reopen};
use rusqlite::Row;
use rusqlite::types::Type;
use uuid::Uuid;

/// A column that holds what no column of its kind may hold.
pub(crate) fn broken(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}

pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

pub(crate) fn uuid_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    row.get::<_, Option<[u8; 16]>>(column).map(|bytes| bytes.map(Uuid::from_bytes))
}

/// A number of things.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column)?.try_into().map_err(|_| broken(column, "not a count"))
}

pub(crate) fn hash_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<KeyHash>> {
    row.get::<_, Option<[u8; 32]>>(column).map(|bytes| bytes.map(KeyHash))
}

pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

pub(crate) fn time_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column).map(|millis| millis.map(Timestamp))
}

/// What an agent may do; nothing where nothing is known of the agent.
pub(crate) fn rights(row: &Row<'_>, column: usize) -> rusqlite::Result<AgentRights> {
    let has = |place| row.get::<_, Option<bool>>(column + place).map(|has| has.unwrap_or(false));
    Ok(AgentRights { secure_forms: has(0)?, card_numbers: has(1)?, history: has(2)?, copy: has(3)?, export: has(4)? })
}

/// A text of a kind that parses itself: a site's name, a definition's hash.
pub(crate) fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get_ref(column)?.as_str()?.parse().map_err(|_| broken(column, "not what this program writes"))
}

pub(crate) const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Web => "web",
        Channel::Link => "link",
    }
}

pub(crate) fn read_channel(row: &Row<'_>, column: usize) -> rusqlite::Result<Channel> {
    match row.get_ref(column)?.as_str()? {
        "web" => Ok(Channel::Web),
        "link" => Ok(Channel::Link),
        _ => Err(broken(column, "not a channel")),
    }
}

pub(crate) const fn reopen(reopen: Reopen) -> &'static str {
    match reopen {
        Reopen::SameDevice => "same_device",
        Reopen::Once => "once",
    }
}

pub(crate) fn read_reopen(row: &Row<'_>, column: usize) -> rusqlite::Result<Reopen> {
    match row.get_ref(column)?.as_str()? {
        "same_device" => Ok(Reopen::SameDevice),
        "once" => Ok(Reopen::Once),
        _ => Err(broken(column, "not a rule of reopening")),
    }
}

pub(crate) fn read_history_reason(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<HistoryReason>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    match text {
        "dispute" => Ok(Some(HistoryReason::Dispute)),
        "fraud_check" => Ok(Some(HistoryReason::FraudCheck)),
        "legal_request" => Ok(Some(HistoryReason::LegalRequest)),
        "subject_request" => Ok(Some(HistoryReason::SubjectRequest)),
        "quality_check" => Ok(Some(HistoryReason::QualityCheck)),
        _ => Err(broken(column, "not a reason to read history")),
    }
}

pub(crate) const fn gone(why: GoneReason) -> &'static str {
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

pub(crate) fn read_gone(row: &Row<'_>, column: usize) -> rusqlite::Result<GoneReason> {
    match row.get_ref(column)?.as_str()? {
        "done" => Ok(GoneReason::Done),
        "time" => Ok(GoneReason::Time),
        "session_ended" => Ok(GoneReason::SessionEnded),
        "conversation_closed" => Ok(GoneReason::ConversationClosed),
        "transferred" => Ok(GoneReason::Transferred),
        "right_lost" => Ok(GoneReason::RightLost),
        "restart" => Ok(GoneReason::Restart),
        _ => Err(broken(column, "not a reason to be gone")),
    }
}

pub(crate) const fn erased(why: EraseReason) -> &'static str {
    match why {
        EraseReason::Retention => "retention",
        EraseReason::Request => "request",
        EraseReason::Closed => "closed",
    }
}

pub(crate) fn read_erased(row: &Row<'_>, column: usize) -> rusqlite::Result<EraseReason> {
    match row.get_ref(column)?.as_str()? {
        "retention" => Ok(EraseReason::Retention),
        "request" => Ok(EraseReason::Request),
        "closed" => Ok(EraseReason::Closed),
        _ => Err(broken(column, "not a reason to erase")),
    }
}

pub(crate) const fn reason(reason: CancelReason) -> &'static str {
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

pub(crate) fn parse_reason(text: &str) -> Option<CancelReason> {
    match text {
        "agent" => Some(CancelReason::Agent),
        "session_ended" => Some(CancelReason::SessionEnded),
        "conversation_closed" => Some(CancelReason::ConversationClosed),
        "right_lost" => Some(CancelReason::RightLost),
        "stopped" => Some(CancelReason::Stopped),
        "transferred" => Some(CancelReason::Transferred),
        "form_closed" => Some(CancelReason::FormClosed),
        "another_form" => Some(CancelReason::AnotherForm),
        _ => None,
    }
}

/// State and reason columns.
pub(crate) const fn state(state: State) -> (&'static str, Option<&'static str>) {
    match state {
        State::Sent => ("sent", None),
        State::Viewed => ("viewed", None),
        State::Submitted => ("submitted", None),
        State::Read => ("read", None),
        State::Declined => ("declined", None),
        State::Cancelled(why) => ("cancelled", Some(reason(why))),
        State::Expired(Clock::InvitationLife) => ("expired", Some("invitation_life")),
        State::Expired(Clock::OpenLimit) => ("expired", Some("open_limit")),
        State::Expired(Clock::SubmitLimit | Clock::KeyLife) => ("expired", Some("submit_limit")),
    }
}

pub(crate) fn read_state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    let reason = row.get_ref(column + 1)?.as_str_or_null()?;
    match (row.get_ref(column)?.as_str()?, reason) {
        ("sent", None) => Ok(State::Sent),
        ("viewed", None) => Ok(State::Viewed),
        ("submitted", None) => Ok(State::Submitted),
        ("read", None) => Ok(State::Read),
        ("declined", None) => Ok(State::Declined),
        ("expired", Some("invitation_life")) => Ok(State::Expired(Clock::InvitationLife)),
        ("expired", Some("open_limit")) => Ok(State::Expired(Clock::OpenLimit)),
        ("expired", Some("submit_limit")) => Ok(State::Expired(Clock::SubmitLimit)),
        ("cancelled", Some(why)) => {
            parse_reason(why).map(State::Cancelled).ok_or_else(|| broken(column + 1, "not a reason"))
        }
        _ => Err(broken(column, "not a state")),
    }
}
