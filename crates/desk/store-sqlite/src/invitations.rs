//! Invitations that stand in their conversation: reading them, moving their status on.

use aside_base::{InvitationId, SiteId, Timestamp, VisitorId};
use aside_desk_domain::{
    AskRefusal, BeginRefusal, Change, ConfirmRefusal, Draft, Entry, EntryKind, Invitation, Status, Where, advance,
    begins_anew, deadline_after, may_ask,
};
use aside_desk_store::{Begun, Invitations, Placed, StoreError, VerbError};
use aside_wire::CancelReason;
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::SqliteStore;
use crate::conversations::{conversation_columns, read_conversation};
use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::invitation_row::{INVITATION_COLUMNS, invitation_columns, read_invitation};
use crate::row::{BlobId, execute, one, reason_name};
use crate::sending::{self, Confirmation};

macro_rules! select_placed {
    () => {
        concat!(
            "SELECT ",
            invitation_columns!(),
            ", ",
            conversation_columns!(),
            " FROM invitations i JOIN agents ia ON ia.id = i.agent JOIN conversations c ON c.id = i.conversation ",
            "LEFT JOIN agents o ON o.id = c.owner WHERE i.id = ? AND i.site = ? AND i.shown IS NOT NULL"
        )
    };
}

crate::statements::statements! {
    PLACED = select_placed!();
    PLACED_OF_VISITOR = concat!(select_placed!(), " AND c.visitor = ?");
    MOVE_ON = "UPDATE invitations SET status = ?2, received_at = coalesce(received_at, ?3), viewed_at = coalesce(viewed_at, ?4), submitted_at = coalesce(submitted_at, ?5), read_at = coalesce(read_at, ?6), ended_at = coalesce(ended_at, ?7), submission = coalesce(submission, ?8), reason = coalesce(reason, ?9), expires_at = coalesce(?10, expires_at) WHERE id = ?1";
    ASK = "UPDATE invitations SET asked_at = ?2 WHERE id = ?1";
    BEGIN_ANEW = "UPDATE invitations SET status = 'sent', sent_at = ?2, received_at = NULL, viewed_at = NULL, asked_at = NULL, expires_at = ?3 WHERE id = ?1";
}

fn read_placed(row: &Row<'_>) -> rusqlite::Result<Placed> {
    Ok(Placed { invitation: read_invitation(row, 0)?, conversation: read_conversation(row, INVITATION_COLUMNS)? })
}

/// A shown invitation with its conversation.
pub(crate) fn placed(
    connection: &Connection,
    site: &SiteId,
    invitation: InvitationId,
) -> rusqlite::Result<Option<Placed>> {
    one(connection, PLACED, params![invitation.blob(), site.as_str()], read_placed)
}

fn placed_of(
    connection: &Connection,
    site: &SiteId,
    visitor: VisitorId,
    invitation: InvitationId,
) -> rusqlite::Result<Option<Placed>> {
    let key = params![invitation.blob(), site.as_str(), visitor.blob()];
    one(connection, PLACED_OF_VISITOR, key, read_placed)
}

/// Moves an invitation's status on, where it may, and logs it. Nothing when it may not.
pub(crate) fn move_on(
    connection: &Connection,
    invitation: &Invitation,
    change: &Change,
    now: Timestamp,
) -> rusqlite::Result<Option<Entry>> {
    if !advance(invitation.status, change.status) {
        return Ok(None);
    }
    let draft = &invitation.draft;
    let reached = |status: Status| (change.status == status).then_some(change.at.0);
    let expires_at = deadline_after(change, &draft.clocks);
    let row = params![
        draft.id.blob(),
        change.status.as_str(),
        reached(Status::Received),
        reached(Status::Viewed),
        reached(Status::Submitted),
        reached(Status::Read),
        change.status.is_ended().then_some(change.at.0),
        change.submission.map(|id| id.blob()),
        change.reason.map(reason_name),
        expires_at.map(|at| at.0)
    ];
    execute(connection, MOVE_ON, row)?;
    log(connection, draft, change, expires_at, now)
}

/// Sets an invitation back to *sent*, where it may be, and logs it: the vault has issued it anew, and a pending *asked* is
/// settled. Nothing when it was answered or has ended.
pub(crate) fn begin_anew(
    connection: &Connection,
    invitation: &Invitation,
    at: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<Option<Entry>> {
    if !begins_anew(invitation.status) {
        return Ok(None);
    }
    let draft = &invitation.draft;
    let change = Change { status: Status::Sent, at, submission: None, reason: None };
    let expires_at = deadline_after(&change, &draft.clocks);
    execute(connection, BEGIN_ANEW, params![draft.id.blob(), at.0, expires_at.map(|at| at.0)])?;
    log(connection, draft, &change, expires_at, now)
}

/// Logs a status that was reached.
fn log(
    connection: &Connection,
    draft: &Draft,
    change: &Change,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> rusqlite::Result<Option<Entry>> {
    let line = Line {
        invitation: Some(draft.id),
        status: Some(change.status),
        since: Some(change.at),
        expires_at,
        reason: change.reason.map(reason_name),
        ..Line::default()
    };
    let sequence = entries::add(connection, now, &draft.site, draft.conversation, "status", &line)?;
    let kind = EntryKind::Status {
        invitation: draft.id,
        status: change.status,
        since: change.at,
        expires_at,
        reason: change.reason,
    };
    Ok(sequence.map(|sequence| Entry {
        sequence,
        at: now,
        site: draft.site.clone(),
        conversation: draft.conversation,
        kind,
    }))
}

/// Logs that the visitor asks for a new form, where that may be asked and is not asked yet.
pub(crate) fn ask(
    connection: &Connection,
    placed: &Placed,
    now: Timestamp,
) -> Result<Option<Entry>, Fault<AskRefusal>> {
    let Placed { invitation, conversation } = placed;
    let asked = invitation.asked_at.is_some();
    if !may_ask(invitation.status, conversation.status, asked).map_err(Fault::Refused)? {
        return Ok(None);
    }
    let id = invitation.id();
    execute(connection, ASK, params![id.blob(), now.0])?;
    let line = Line { invitation: Some(id), ..Line::default() };
    let sequence = entries::add(connection, now, &conversation.site, conversation.id, "asked", &line)?;
    Ok(sequence.map(|sequence| Entry {
        sequence,
        at: now,
        site: conversation.site.clone(),
        conversation: conversation.id,
        kind: EntryKind::Asked { invitation: id },
    }))
}

#[async_trait]
impl Invitations for SqliteStore {
    async fn begin_invitation(&self, draft: Draft) -> Result<Begun, VerbError<BeginRefusal>> {
        self.verb("begin_invitation", move |connection| sending::begin(connection, draft)).await
    }

    async fn confirm_invitation(
        &self,
        site: &SiteId,
        invitation: InvitationId,
        reference: String,
        expires_at: Timestamp,
        from: Where,
        now: Timestamp,
    ) -> Result<Entry, VerbError<ConfirmRefusal>> {
        let confirmation = Confirmation { site: site.clone(), invitation, reference, expires_at, from, now };
        self.write("confirm_invitation", move |connection| sending::confirm(connection, &confirmation))
            .await?
            .map_err(VerbError::Refused)
    }

    async fn give_up_invitation(
        &self,
        site: &SiteId,
        invitation: InvitationId,
        because: &'static str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let site = site.clone();
        self.write("give_up_invitation", move |connection| {
            Ok(sending::give_up(connection, &site, invitation, because, CancelReason::Agent, now)?)
        })
        .await
    }

    async fn unconfirmed_invitations(&self, before: Timestamp) -> Result<Vec<Draft>, StoreError> {
        self.read("unconfirmed_invitations", move |connection| Ok(sending::unconfirmed(connection, before)?)).await
    }

    async fn invitation(&self, site: &SiteId, invitation: InvitationId) -> Result<Option<Placed>, StoreError> {
        let site = site.clone();
        self.read("invitation", move |connection| Ok(placed(connection, &site, invitation)?)).await
    }

    async fn visitor_invitation(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
    ) -> Result<Option<Placed>, StoreError> {
        let site = site.clone();
        self.read("visitor_invitation", move |connection| Ok(placed_of(connection, &site, visitor, invitation)?)).await
    }

    async fn mark_received(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
        now: Timestamp,
    ) -> Result<Option<Entry>, StoreError> {
        let site = site.clone();
        self.write("mark_received", move |connection| {
            let Some(placed) = placed_of(connection, &site, visitor, invitation)? else { return Ok(None) };
            let change = Change { status: Status::Received, at: now, submission: None, reason: None };
            Ok(move_on(connection, &placed.invitation, &change, now)?)
        })
        .await
    }

    async fn ask(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
        now: Timestamp,
    ) -> Result<Option<Entry>, VerbError<AskRefusal>> {
        let site = site.clone();
        self.verb("ask", move |connection| {
            let placed = placed_of(connection, &site, visitor, invitation)?;
            ask(connection, &placed.ok_or(Fault::Refused(AskRefusal::NotFound))?, now)
        })
        .await
    }
}
