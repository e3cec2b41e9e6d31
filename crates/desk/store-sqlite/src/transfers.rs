//! Handing conversations on: the owner, the lost rights and their errands in one transaction.

use aside_base::{InvitationId, SiteId, Timestamp};
use aside_desk_domain::{
    Account, Action, AgentRef, Colleague, Entry, EntryKind, Errand, Outcome, Permission, Permissions, Taker, Target,
    TransferRefusal, may_transfer,
};
use aside_desk_store::{StoreError, Transfer, Transfers, VerbError};
use aside_wire::CancelReason;
use async_trait::async_trait;
use rusqlite::{Connection, params};

use crate::conversations::take_part;
use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::row::{BlobId, agent_ref, all, execute, id, one, parsed};
use crate::{SqliteStore, accounts, audit, conversations, errands, sending};

crate::statements::statements! {
    HAND_ON = "UPDATE conversations SET owner = ?2, last_at = ?3 WHERE id = ?1";
    TOOK_PART = "SELECT 1 FROM participants WHERE conversation = ? AND agent = ?";
    SENT_BY = "SELECT id FROM invitations WHERE conversation = ? AND agent = ? AND status IN ('sent', 'received', 'viewed', 'submitted', 'read') AND lost IS NULL";
    LOSE = "UPDATE invitations SET lost = 'transferred' WHERE id = ?";
    COLLEAGUES = "SELECT a.id, a.display_name, p.permissions, EXISTS (SELECT 1 FROM sessions s WHERE s.agent = a.id AND s.ended_at IS NULL AND s.ends_at > ?2 AND s.stage = 'ready' AND s.locked_at IS NULL) FROM agents a JOIN profiles p ON p.site = a.site AND p.id = a.profile WHERE a.site = ?1 AND a.state = 'active' ORDER BY a.display_name, a.id";
}

fn taker(account: &Account) -> Taker {
    Taker { agent: account.agent.id, state: account.state, permissions: account.permissions }
}

/// Takes the rights of whoever owned it, for good.
fn lose_rights(connection: &Connection, transfer: &Transfer, former: &AgentRef) -> rusqlite::Result<()> {
    let Transfer { site, conversation, by, .. } = transfer;
    sending::give_up_transferred(connection, *conversation, former.id, by.at)?;
    let sent: Vec<InvitationId> =
        all(connection, SENT_BY, params![conversation.blob(), former.id.blob()], |row| id(row, 0))?;
    for invitation in sent {
        execute(connection, LOSE, [invitation.blob()])?;
        let errand = Errand::RevokeInvitation(invitation, CancelReason::Transferred);
        errands::owe(connection, site, errand, by.at)?;
    }
    Ok(())
}

fn transfer(connection: &Connection, transfer: &Transfer) -> Result<Entry, Fault<TransferRefusal>> {
    let Transfer { site, conversation, to, by } = transfer;
    let standing = conversations::find(connection, site, *conversation)?;
    let standing = standing.ok_or(Fault::Refused(TransferRefusal::NotFound))?;
    let account = accounts::account(connection, site, *to)?;
    let former = standing.owner;
    let allowed =
        may_transfer(standing.status, former.as_ref().map(|owner| owner.id), account.as_ref().map(taker).as_ref());
    allowed.map_err(Fault::Refused)?;
    let to = account.ok_or(Fault::Refused(TransferRefusal::NoTaker))?.agent.to_ref();
    if let Some(former) = &former {
        lose_rights(connection, transfer, former)?;
    }
    execute(connection, HAND_ON, params![conversation.blob(), to.id.blob(), by.at.0])?;
    let joins = one(connection, TOOK_PART, params![conversation.blob(), to.id.blob()], |_| Ok(()))?.is_none();
    take_part(connection, site, *conversation, &to, aside_desk_domain::Claim { owns: true, joins }, by.at)?;
    let line = Line { agent: Some(&to), former: former.as_ref(), ..Line::default() };
    let sequence = entries::add(connection, by.at, site, *conversation, "transferred", &line)?.unwrap_or_default();
    let (action, target) = (Action::TransferConversation, Target::Conversation(*conversation));
    let name = |agent: &AgentRef| agent.id.to_string();
    let detail = format!("{} → {}", former.as_ref().map_or_else(|| "nobody".to_owned(), name), name(&to));
    audit::note_change(connection, site, by, action, target, Outcome::Done, Some(detail))?;
    let kind = EntryKind::Transferred { from: former, to };
    Ok(Entry { sequence, at: by.at, site: site.clone(), conversation: *conversation, kind })
}

#[async_trait]
impl Transfers for SqliteStore {
    async fn transfer(&self, wanted: Transfer) -> Result<Entry, VerbError<TransferRefusal>> {
        self.verb("transfer", move |connection| transfer(connection, &wanted)).await
    }

    async fn colleagues(&self, site: &SiteId, now: Timestamp) -> Result<Vec<Colleague>, StoreError> {
        let site = site.clone();
        self.read("colleagues", move |connection| {
            let people = all(connection, COLLEAGUES, params![site.as_str(), now.0], |row| {
                let permissions: Permissions = parsed(row, 2)?;
                let agent = agent_ref(row, 0)?.filter(|_| permissions.has(Permission::HandleConversations));
                Ok(agent.map(|agent| Ok(Colleague { agent, here: row.get(3)? })))
            })?;
            Ok(people.into_iter().flatten().collect::<rusqlite::Result<_>>()?)
        })
        .await
    }
}
