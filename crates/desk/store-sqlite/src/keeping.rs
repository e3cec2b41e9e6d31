//! A site's settings of forms and answers, and telling the vault everything anew.

use aside_base::{AgentId, ConversationId, InvitationId, SiteId, Timestamp};
use aside_desk_domain::{Action, By, Errand, Outcome, SiteError, Target, check_keeping, vault_rights};
use aside_desk_store::{SiteKeeping, StoreError, VerbError};
use aside_wire::{CancelReason, Keeping, Reopen};
use async_trait::async_trait;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{BlobId, all, execute, id, one, reopen, reopen_name, site};
use crate::{SqliteStore, accounts, audit, errands};

crate::statements::statements! {
    KEEPING = "SELECT keep_days, reopen FROM sites WHERE id = ?";
    SET = "UPDATE sites SET keep_days = ?2, reopen = ?3 WHERE id = ?1";
    SITES = "SELECT id, forms_stopped_since IS NULL FROM sites";
    AGENTS = "SELECT id FROM agents WHERE site = ? AND state <> 'invited'";
    LOST = "SELECT i.site, i.id FROM invitations i JOIN conversations c ON c.id = i.conversation WHERE i.lost IS NOT NULL AND c.site = ?1 AND c.closed_at IS NULL";
    ERASED = "SELECT site, id FROM conversations WHERE erased_at IS NOT NULL";
    NOT_ERASED_THERE = "UPDATE conversations SET vault_erased_at = NULL WHERE id = ?";
}

fn keeping(connection: &Connection, site: &SiteId) -> rusqlite::Result<Option<(Keeping, Reopen)>> {
    one(connection, KEEPING, [site.as_str()], |row| Ok((Keeping { days: row.get(0)? }, reopen(row, 1)?)))
}

fn set(connection: &Connection, site: &SiteId, wanted: (Keeping, Reopen), by: &By) -> Result<bool, Fault<SiteError>> {
    check_keeping(wanted.0).map_err(Fault::Refused)?;
    let Some(before) = keeping(connection, site)?.filter(|before| *before != wanted) else { return Ok(false) };
    execute(connection, SET, params![site.as_str(), wanted.0.days, reopen_name(wanted.1)])?;
    errands::owe(connection, site, Errand::PublishSite, by.at)?;
    let told = |(keeping, reopen): (Keeping, Reopen)| format!("days={} reopen={}", keeping.days, reopen_name(reopen));
    let detail = Some(format!("{} → {}", told(before), told(wanted)));
    audit::note_change(connection, site, by, Action::ChangeKeeping, Target::Site, Outcome::Done, detail)?;
    Ok(true)
}

/// Owes the vault everything that it may have forgotten. Telling what it knows does no harm.
pub(crate) fn tell_everything(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    for (of, forms_on) in all(connection, SITES, [], |row| Ok((site(row, 0)?, row.get(1)?)))? {
        errands::owe(connection, &of, Errand::PublishSite, now)?;
        errands::owe(connection, &of, Errand::SwitchForms(forms_on), now)?;
        let agents: Vec<AgentId> = all(connection, AGENTS, [of.as_str()], |row| id(row, 0))?;
        for agent in agents {
            let Some(account) = accounts::account(connection, &of, agent)? else { continue };
            errands::owe(connection, &of, Errand::SetRights(agent, vault_rights(account.effective())), now)?;
        }
        let lost: Vec<(SiteId, InvitationId)> =
            all(connection, LOST, [of.as_str()], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
        for (site, invitation) in lost {
            errands::owe(connection, &site, Errand::RevokeInvitation(invitation, CancelReason::Transferred), now)?;
        }
    }
    let erased: Vec<(SiteId, ConversationId)> = all(connection, ERASED, [], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
    for (site, conversation) in erased {
        execute(connection, NOT_ERASED_THERE, [conversation.blob()])?;
        errands::owe(connection, &site, Errand::EraseConversation(conversation), now)?;
    }
    Ok(())
}

#[async_trait]
impl SiteKeeping for SqliteStore {
    async fn set_keeping(
        &self,
        site: &SiteId,
        keeping: Keeping,
        reopen: Reopen,
        by: By,
    ) -> Result<bool, VerbError<SiteError>> {
        let site = site.clone();
        self.verb("set_keeping", move |connection| set(connection, &site, (keeping, reopen), &by)).await
    }

    async fn tell_everything(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write("tell_everything", move |connection| Ok(tell_everything(connection, now)?)).await
    }
}
