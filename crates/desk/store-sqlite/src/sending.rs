//! An invitation's way into the conversation: prepared, then shown or given up.

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, SiteId, Timestamp};
use aside_desk_domain::{
    Action, Actor, AuditRow, BeginRefusal, ConfirmRefusal, Draft, Entry, Errand, Outcome, Permission, Sender, Sequence,
    Stage, Status, Target, Where, claim, may_begin, may_confirm,
};
use aside_desk_store::Begun;
use aside_wire::CancelReason;
use rusqlite::{Connection, Row, params};

use crate::conversations::{agent_acted, take_part};
use crate::entries::{self, Line};
use crate::fault::{Fault, Plain};
use crate::invitation_row::{INVITATION_COLUMNS, STATUS, invitation_columns, read_draft};
use crate::row::{
    BlobId, all, channel_name, conversation_status, execute, id, id_or_none, moment_or_none, one, reopen_name, site,
    status_or_none,
};
use crate::{audit, errands, session_row};

crate::statements::statements! {
    STANDING = concat!("SELECT ", invitation_columns!(), ", i.shown, c.closed_at, c.owner, p.agent IS NOT NULL, s.ended_at IS NULL AND s.ends_at > ?3 FROM invitations i JOIN agents ia ON ia.id = i.agent JOIN conversations c ON c.id = i.conversation JOIN sessions s ON s.id = i.session LEFT JOIN participants p ON p.conversation = i.conversation AND p.agent = i.agent WHERE i.id = ?1 AND i.site = ?2");
    TAKEN = "SELECT 1 FROM invitations WHERE id = ?";
    PLACE = "SELECT c.closed_at FROM conversations c WHERE c.id = ? AND c.site = ?";
    PREPARE = "INSERT INTO invitations (id, site, conversation, agent, session, definition, title, description, channel, invitation_life, open_limit, submit_limit, locale, begun_at, reopen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    SHOW = "UPDATE invitations SET status = 'sent', shown = ?2, reference = ?3, expires_at = ?4, sent_at = ?5 WHERE id = ?1 AND status IS NULL";
    GIVE_UP = "UPDATE invitations SET status = 'failed', ended_at = ?3 WHERE id = ?1 AND site = ?2 AND status IS NULL";
    PREPARED_OF_SESSION = "SELECT site, id FROM invitations WHERE status IS NULL AND session = ?";
    PREPARED_OF_AGENT = "SELECT site, id FROM invitations WHERE status IS NULL AND agent = ?";
    PREPARED_OF_SITE = "SELECT site, id FROM invitations WHERE status IS NULL AND site = ?";
    PREPARED_OF_CONVERSATION = "SELECT site, id FROM invitations WHERE status IS NULL AND conversation = ?";
    PREPARED_TRANSFERRED = "SELECT site, id FROM invitations WHERE status IS NULL AND conversation = ? AND agent = ?";
    UNCONFIRMED = concat!("SELECT ", invitation_columns!(), " FROM invitations i JOIN agents ia ON ia.id = i.agent WHERE i.status IS NULL AND i.begun_at < ? ORDER BY i.begun_at LIMIT 100");
}

/// An invitation in any stage, with what its sending depends on.
struct Standing {
    draft: Draft,
    stage: Stage,
    shown: Option<Sequence>,
    closed_at: Option<Timestamp>,
    claim: aside_desk_domain::Claim,
    session_live: bool,
}

fn read_standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let shown: Option<i64> = row.get(INVITATION_COLUMNS)?;
    let stage = match (status_or_none(row, STATUS)?, shown) {
        (None, _) => Stage::Preparing,
        (Some(_), None) => Stage::GivenUp,
        (Some(status), Some(_)) => Stage::Shown(status),
    };
    Ok(Standing {
        draft: read_draft(row, 0)?,
        stage,
        shown: shown.map(Sequence),
        closed_at: moment_or_none(row, INVITATION_COLUMNS + 1)?,
        claim: claim(id_or_none(row, INVITATION_COLUMNS + 2)?, row.get(INVITATION_COLUMNS + 3)?),
        session_live: row.get(INVITATION_COLUMNS + 4)?,
    })
}

fn standing(
    connection: &Connection,
    site: &SiteId,
    invitation: InvitationId,
    now: Timestamp,
) -> rusqlite::Result<Option<Standing>> {
    one(connection, STANDING, params![invitation.blob(), site.as_str(), now.0], read_standing)
}

/// What the session that sends may do now.
fn sender(connection: &Connection, draft: &Draft) -> rusqlite::Result<Sender> {
    let live = session_row::live(connection, &draft.site, draft.session, draft.begun_at)?;
    let live = live.filter(|live| live.agent.id == draft.agent.id);
    Ok(Sender {
        live: live.is_some(),
        allowed: live.as_ref().is_some_and(|live| live.may(Permission::UseSecureForms, draft.begun_at)),
        forms_on: live.is_some_and(|live| live.forms_on),
    })
}

/// Prepares an invitation, or finds it as an earlier try left it.
pub(crate) fn begin(connection: &Connection, draft: Draft) -> Result<Begun, Fault<BeginRefusal>> {
    let now = draft.begun_at;
    if let Some(earlier) = standing(connection, &draft.site, draft.id, now)? {
        let same = earlier.draft.conversation == draft.conversation && earlier.draft.session == draft.session;
        return match (same, earlier.stage, earlier.shown) {
            (true, Stage::Preparing, _) => Ok(Begun::Prepared(earlier.draft)),
            (true, Stage::Shown(_), Some(sequence)) => Ok(Begun::Shown(entries::at(connection, sequence)?)),
            (true, ..) => Err(Fault::Refused(BeginRefusal::GivenUp)),
            (false, ..) => Err(Fault::Refused(BeginRefusal::IdTaken)),
        };
    }
    let place = one(connection, PLACE, params![draft.conversation.blob(), draft.site.as_str()], |row| {
        Ok(conversation_status(moment_or_none(row, 0)?))
    })?;
    let conversation = place.ok_or(Fault::Refused(BeginRefusal::NotFound))?;
    may_begin(conversation, sender(connection, &draft)?).map_err(Fault::Refused)?;
    if one(connection, TAKEN, [draft.id.blob()], |_| Ok(()))?.is_some() {
        return Err(Fault::Refused(BeginRefusal::IdTaken));
    }
    let row = params![
        draft.id.blob(),
        draft.site.as_str(),
        draft.conversation.blob(),
        draft.agent.id.blob(),
        draft.session.blob(),
        draft.definition.as_str(),
        draft.title,
        draft.description,
        channel_name(draft.channel),
        draft.clocks.invitation_life,
        draft.clocks.open_limit,
        draft.clocks.submit_limit,
        draft.locale,
        now.0,
        reopen_name(draft.reopen)
    ];
    execute(connection, PREPARE, row)?;
    Ok(Begun::Prepared(draft))
}

/// What a confirmation brings.
pub(crate) struct Confirmation {
    pub(crate) site: SiteId,
    pub(crate) invitation: InvitationId,
    pub(crate) reference: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) from: Where,
    pub(crate) now: Timestamp,
}

/// Shows a prepared invitation. The inner refusal is not undone: it leaves the errand that cancels it at the vault.
pub(crate) fn confirm(
    connection: &Connection,
    confirmation: &Confirmation,
) -> Result<Result<Entry, ConfirmRefusal>, Plain> {
    let Confirmation { site, invitation, now, .. } = confirmation;
    let Some(Standing { draft, stage, shown, closed_at, claim, session_live }) =
        standing(connection, site, *invitation, *now)?
    else {
        return Ok(Err(ConfirmRefusal::NotFound));
    };
    match may_confirm(stage, conversation_status(closed_at), session_live) {
        Ok(true) => {}
        Ok(false) => return Ok(Ok(entries::at(connection, shown.unwrap_or_default())?)),
        Err(refusal) => {
            let (because, reason) = match refusal {
                ConfirmRefusal::Closed => ("closed", CancelReason::ConversationClosed),
                ConfirmRefusal::SessionEnded => ("session_ended", CancelReason::SessionEnded),
                ConfirmRefusal::GivenUp | ConfirmRefusal::NotFound => ("given_up", CancelReason::Agent),
            };
            if !give_up(connection, site, *invitation, because, reason, *now)? {
                // It was given up before, and its errand may have been run before the vault heard of it.
                errands::owe(connection, site, Errand::CancelInvitation(*invitation, reason), *now)?;
            }
            return Ok(Err(refusal));
        }
    }
    take_part(connection, site, draft.conversation, &draft.agent, claim, *now)?;
    let line = Line { invitation: Some(*invitation), agent: Some(&draft.agent), ..Line::default() };
    let sequence = entries::add(connection, *now, site, draft.conversation, "invitation", &line)?.unwrap_or_default();
    let shown = params![invitation.blob(), sequence.0, confirmation.reference, confirmation.expires_at.0, now.0];
    execute(connection, SHOW, shown)?;
    agent_acted(connection, draft.conversation, draft.agent.id, None, Some(*invitation), *now)?;
    let row = AuditRow {
        at: *now,
        site: Some(site.clone()),
        actor: Actor::Agent(draft.agent.id, draft.session),
        from: confirmation.from,
        action: Action::SendInvitation,
        target: Target::Invitation(*invitation),
        outcome: Outcome::Done,
        detail: None,
    };
    audit::add(connection, &row)?;
    Ok(Ok(entries::at(connection, sequence)?))
}

/// Gives up a prepared invitation for good, and owes the vault its cancellation. False when it is not prepared.
pub(crate) fn give_up(
    connection: &Connection,
    site: &SiteId,
    invitation: InvitationId,
    because: &'static str,
    reason: CancelReason,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    if execute(connection, GIVE_UP, params![invitation.blob(), site.as_str(), now.0])? == 0 {
        return Ok(false);
    }
    errands::owe(connection, site, Errand::CancelInvitation(invitation, reason), now)?;
    let row = AuditRow {
        at: now,
        site: Some(site.clone()),
        actor: Actor::Desk,
        from: None,
        action: Action::GiveUpInvitation,
        target: Target::Invitation(invitation),
        outcome: Outcome::DoneBecause(because),
        detail: None,
    };
    audit::add(connection, &row)?;
    Ok(true)
}

fn give_up_all(
    connection: &Connection,
    prepared: Vec<(SiteId, InvitationId)>,
    because: &'static str,
    reason: CancelReason,
    now: Timestamp,
) -> rusqlite::Result<()> {
    for (site, invitation) in prepared {
        give_up(connection, &site, invitation, because, reason, now)?;
    }
    Ok(())
}

/// Gives up what an ending session is still sending.
pub(crate) fn give_up_of_session(connection: &Connection, session: SessionId, now: Timestamp) -> rusqlite::Result<()> {
    let prepared = all(connection, PREPARED_OF_SESSION, [session.blob()], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    give_up_all(connection, prepared, "session_ended", CancelReason::SessionEnded, now)
}

/// Gives up what an agent is still sending who may no longer.
pub(crate) fn give_up_of_agent(connection: &Connection, agent: AgentId, now: Timestamp) -> rusqlite::Result<()> {
    let prepared = all(connection, PREPARED_OF_AGENT, [agent.blob()], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    give_up_all(connection, prepared, "right_lost", CancelReason::RightLost, now)
}

/// Gives up what is still being sent on a site whose secure forms stop.
pub(crate) fn give_up_of_site(connection: &Connection, of: &SiteId, now: Timestamp) -> rusqlite::Result<()> {
    let prepared = all(connection, PREPARED_OF_SITE, [of.as_str()], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    give_up_all(connection, prepared, "stopped", CancelReason::Stopped, now)
}

/// Gives up what is still being sent in a closing conversation.
pub(crate) fn give_up_of_conversation(
    connection: &Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let prepared =
        all(connection, PREPARED_OF_CONVERSATION, [conversation.blob()], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    give_up_all(connection, prepared, "closed", CancelReason::ConversationClosed, now)
}

/// Gives up what the former owner of a conversation is still sending in it.
pub(crate) fn give_up_transferred(
    connection: &Connection,
    conversation: ConversationId,
    former: AgentId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let key = params![conversation.blob(), former.blob()];
    let prepared = all(connection, PREPARED_TRANSFERRED, key, |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    give_up_all(connection, prepared, "transferred", CancelReason::Transferred, now)
}

/// Gives up an invitation that the vault ended before it was shown.
pub(crate) fn give_up_ended(
    connection: &Connection,
    site: &SiteId,
    invitation: InvitationId,
    status: Status,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    give_up(connection, site, invitation, status.as_str(), CancelReason::Agent, now)
}

/// Prepared invitations from before `before`.
pub(crate) fn unconfirmed(connection: &Connection, before: Timestamp) -> rusqlite::Result<Vec<Draft>> {
    all(connection, UNCONFIRMED, [before.0], |row| read_draft(row, 0))
}
