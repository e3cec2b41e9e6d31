//! Passwords and the links that set them.

use aside_base::{AgentId, KeyHash, SiteId, Timestamp};
use aside_desk_domain::{
    Account, AccountState, Action, Actor, By, EndReason, Link, LinkRefusal, Outcome, PasswordHash, PasswordRefusal,
    PeopleRefusal, SessionStage, Target, Where,
};
use aside_desk_store::{Aftermath, ChangePassword, LinkHolder, PasswordChanged, Passwords, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::accounts::{account_columns, account_tables, read_account};
use crate::fault::Fault;
use crate::row::{BlobId, all, execute, moment, one};
use crate::{SqliteStore, accounts, attempts, audit, ending, policies, rights, session_row, sessions};

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

crate::statements::statements! {
    FORMER = "SELECT password FROM former_passwords WHERE agent = ? ORDER BY number DESC LIMIT ?";
    CHANGES = "SELECT count(*) FROM former_passwords WHERE agent = ? AND replaced_at > ?";
    KEEP_FORMER = "INSERT INTO former_passwords (agent, password, replaced_at) VALUES (?, ?, ?)";
    TRIM_FORMER = "DELETE FROM former_passwords WHERE agent = ?1 AND replaced_at <= ?2 AND number NOT IN (SELECT number FROM former_passwords WHERE agent = ?1 ORDER BY number DESC LIMIT 24)";
    SET = "UPDATE agents SET password = ?2, password_at = ?3, first_password = 0 WHERE id = ?1";
    ACTIVATE = "UPDATE agents SET state = 'active', last_seen_at = ?2 WHERE id = ?1";
    ISSUE = "INSERT INTO links (agent, opens, ends_at) VALUES (?, ?, ?) ON CONFLICT (agent) DO UPDATE SET opens = excluded.opens, ends_at = excluded.ends_at";
    VOID = "DELETE FROM links WHERE agent = ?";
    HOLDER = concat!("SELECT ", account_columns!(), ", l.ends_at FROM ", account_tables!(), " JOIN links l ON l.agent = a.id WHERE l.opens = ? AND l.ends_at > ? AND a.state <> 'deactivated'");
}

/// Writes a new password; the former one is remembered.
fn set(
    connection: &Connection,
    agent: AgentId,
    former: Option<&PasswordHash>,
    new: &PasswordHash,
    now: Timestamp,
) -> rusqlite::Result<()> {
    if let Some(former) = former {
        execute(connection, KEEP_FORMER, params![agent.blob(), former.as_phc(), now.0])?;
        execute(connection, TRIM_FORMER, params![agent.blob(), now.0 - DAY])?;
    }
    execute(connection, SET, params![agent.blob(), new.as_phc(), now.0])?;
    void_links(connection, agent)
}

/// Voids the link of an account.
pub(crate) fn void_links(connection: &Connection, agent: AgentId) -> rusqlite::Result<()> {
    execute(connection, VOID, [agent.blob()]).map(|_| ())
}

/// Makes the one link of an account.
pub(crate) fn issue(connection: &Connection, site: &SiteId, link: &Link, by: &By) -> rusqlite::Result<()> {
    execute(connection, ISSUE, params![link.agent.blob(), link.key.0, link.ends_at.0])?;
    audit::note(connection, site, by, Action::IssueLink, Target::Agent(link.agent), Outcome::Done)
}

fn former(connection: &Connection, site: &SiteId, agent: AgentId) -> rusqlite::Result<Vec<PasswordHash>> {
    let history = policies::policy_of(connection, site)?.password.history;
    let present = accounts::credentials(connection, site, agent)?.and_then(|found| found.password);
    let Some(older) = history.checked_sub(1) else { return Ok(vec![]) };
    let older = all(connection, FORMER, params![agent.blob(), older], |row| Ok(PasswordHash::from_phc(row.get(0)?)))?;
    Ok(present.into_iter().chain(older).collect())
}

fn change(connection: &Connection, change: &ChangePassword) -> Result<PasswordChanged, Fault<PasswordRefusal>> {
    const GONE: Fault<PasswordRefusal> = Fault::Refused(PasswordRefusal::Session);
    let ChangePassword { site, session, current, new, token, from, now } = change;
    let live = session_row::live(connection, site, *session, *now)?.ok_or(GONE)?;
    let (stage, agent) = (live.session.stage, live.agent.id);
    if live.is_locked(*now) || !matches!(stage, SessionStage::Ready | SessionStage::NewPassword) {
        return Err(GONE);
    }
    let standing = accounts::credentials(connection, site, agent)?.and_then(|found| found.password);
    if standing.as_ref() != Some(current) {
        return Err(Fault::Refused(PasswordRefusal::Changed));
    }
    let policy = policies::policy_of(connection, site)?;
    let changes = one(connection, CHANGES, params![agent.blob(), now.0 - DAY], |row| row.get(0))?.unwrap_or(0_u32);
    if stage == SessionStage::Ready && changes >= policy.password.changes_per_day {
        return Err(Fault::Refused(PasswordRefusal::TooManyChanges));
    }
    set(connection, agent, standing.as_ref(), new, *now)?;
    let by = By { who: Actor::Agent(agent, *session), from: *from, at: *now };
    audit::note(connection, site, &by, Action::ChangePassword, Target::Agent(agent), Outcome::Done)?;
    let mut aftermath = Aftermath::default();
    let reason = EndReason::PasswordChanged;
    ending::end_all_of(connection, site, agent, Some(*session), reason, &by, &mut aftermath)?;
    let needs = sessions::needs(connection, site, agent, &policy, *now)?.ok_or(GONE)?;
    sessions::move_on(connection, site, *session, needs.after_password(), *token, *now)?;
    let live = session_row::live(connection, site, *session, *now)?.ok_or(GONE)?;
    Ok(PasswordChanged { live, aftermath })
}

fn read_holder(row: &Row<'_>) -> rusqlite::Result<(Account, Timestamp)> {
    Ok((read_account(row)?, moment(row, accounts::ACCOUNT_COLUMNS)?))
}

fn use_link(
    connection: &Connection,
    key: KeyHash,
    password: &PasswordHash,
    from: Where,
    now: Timestamp,
) -> Result<Aftermath, Fault<LinkRefusal>> {
    let holder = one(connection, HOLDER, params![key.0, now.0], read_holder)?;
    let (account, _) = holder.ok_or(Fault::Refused(LinkRefusal::Gone))?;
    let (site, agent) = (&account.agent.site, account.agent.id);
    let standing = accounts::credentials(connection, site, agent)?.and_then(|found| found.password);
    set(connection, agent, standing.as_ref(), password, now)?;
    attempts::forgive(connection, agent)?;
    let by = By { who: Actor::Stranger, from, at: now };
    let mut aftermath = Aftermath::default();
    ending::end_all_of(connection, site, agent, None, EndReason::PasswordChanged, &by, &mut aftermath)?;
    audit::note(connection, site, &by, Action::UseLink, Target::Agent(agent), Outcome::Done)?;
    if account.state != AccountState::Active {
        execute(connection, ACTIVATE, params![agent.blob(), now.0])?;
        let (before, after) = (account.effective(), account.permissions);
        rights::settle(connection, site, agent, before, after, now, &mut aftermath)?;
    }
    Ok(aftermath)
}

#[async_trait]
impl Passwords for SqliteStore {
    async fn former_passwords(&self, site: &SiteId, agent: AgentId) -> Result<Vec<PasswordHash>, StoreError> {
        let site = site.clone();
        self.read("former_passwords", move |connection| Ok(former(connection, &site, agent)?)).await
    }

    async fn change_password(&self, new: ChangePassword) -> Result<PasswordChanged, VerbError<PasswordRefusal>> {
        self.verb("change_password", move |connection| change(connection, &new)).await
    }

    async fn issue_link(&self, site: &SiteId, link: Link, by: By) -> Result<(), VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("issue_link", move |connection| {
            let account = accounts::account(connection, &site, link.agent)?;
            match account.map(|account| account.state) {
                None => Err(Fault::Refused(PeopleRefusal::NotFound)),
                Some(AccountState::Deactivated) => Err(Fault::Refused(PeopleRefusal::NotActive)),
                Some(_) => Ok(issue(connection, &site, &link, &by)?),
            }
        })
        .await
    }

    async fn link_holder(&self, key: KeyHash, now: Timestamp) -> Result<Option<LinkHolder>, StoreError> {
        self.read("link_holder", move |connection| {
            let holder = one(connection, HOLDER, params![key.0, now.0], read_holder)?;
            Ok(holder.map(|(account, ends_at)| LinkHolder {
                link: Link { agent: account.agent.id, key, ends_at },
                agent: account.agent,
            }))
        })
        .await
    }

    async fn use_link(
        &self,
        key: KeyHash,
        password: PasswordHash,
        from: Where,
        now: Timestamp,
    ) -> Result<Aftermath, VerbError<LinkRefusal>> {
        self.verb("use_link", move |connection| use_link(connection, key, &password, from, now)).await
    }
}
