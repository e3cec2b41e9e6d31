//! People: accounts as admins make, change and turn them off.

use aside_base::{AgentId, ProfileId, SiteId, Timestamp};
use aside_desk_domain::{
    Account, AccountState, Action, By, DisplayName, EndReason, Loss, Outcome, PeopleRefusal, Permissions, Profile,
    ProfileRefusal, RightsSpan, Target, may_lose,
};
use aside_desk_store::{Aftermath, NewPerson, People, Person, ProfileUse, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::accounts::{ACCOUNT_COLUMNS, NewRow, account_columns, account_tables, read_account};
use crate::fault::Fault;
use crate::row::{BlobId, all, execute, id, moment_or_none, one};
use crate::{SqliteStore, accounts, attempts, audit, ending, passwords, policies, profiles, rights};

macro_rules! select_person {
    () => {
        concat!(
            "SELECT ",
            account_columns!(),
            ", (SELECT max(l.locked_until) FROM (SELECT t.locked_until FROM attempts t WHERE t.agent = a.id UNION ALL ",
            "SELECT t.locked_until FROM factor_attempts t WHERE t.agent = a.id) l WHERE l.locked_until > ?1), ",
            "EXISTS (SELECT 1 FROM totp_factors f WHERE f.agent = a.id), ",
            "(SELECT count(*) FROM passkeys k WHERE k.agent = a.id), ",
            "(SELECT count(*) FROM sessions s WHERE s.agent = a.id AND s.ended_at IS NULL AND s.ends_at > ?1) FROM ",
            account_tables!()
        )
    };
}

crate::statements::statements! {
    PEOPLE = concat!(select_person!(), " WHERE a.site = ?2 ORDER BY a.name");
    PERSON = concat!(select_person!(), " WHERE a.id = ?3 AND a.site = ?2");
    SET_PROFILE = "UPDATE agents SET profile = ?2 WHERE id = ?1";
    SET_STATE = "UPDATE agents SET state = ?2 WHERE id = ?1";
    WAIT_FOR_LINK = "UPDATE agents SET state = 'invited', password = '' WHERE id = ?";
    RENAME = "UPDATE agents SET display_name = ?2 WHERE id = ?1";
    IDLE = "SELECT id FROM agents WHERE site = ?1 AND state = 'active' AND max(coalesce(last_seen_at, 0), created_at) <= ?2";
}

fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        account: read_account(row)?,
        locked_until: moment_or_none(row, ACCOUNT_COLUMNS)?,
        totp: row.get(ACCOUNT_COLUMNS + 1)?,
        passkeys: row.get(ACCOUNT_COLUMNS + 2)?,
        sessions: row.get(ACCOUNT_COLUMNS + 3)?,
    })
}

fn standing(connection: &Connection, site: &SiteId, agent: AgentId) -> Result<Account, Fault<PeopleRefusal>> {
    accounts::account(connection, site, agent)?.ok_or(Fault::Refused(PeopleRefusal::NotFound))
}

/// Whether the account's permissions may become `after`.
fn may(connection: &Connection, account: &Account, after: Permissions, by: &By) -> Result<(), Fault<PeopleRefusal>> {
    let Account { agent, .. } = account;
    let others_manage = profiles::others_manage(connection, &agent.site, Some(agent.id), None)?;
    let loss = Loss { by: by.agent(), of: agent.id, before: account.effective(), after, others_manage };
    may_lose(&loss).map_err(Fault::Refused)
}

fn invite(connection: &Connection, new: &NewPerson, by: &By) -> Result<Account, Fault<PeopleRefusal>> {
    let NewPerson { agent, profile, link } = new;
    if profiles::profile(connection, &agent.site, *profile)?.is_none() {
        return Err(Fault::Refused(PeopleRefusal::NoProfile));
    }
    if accounts::name_is_taken(connection, &agent.site, &agent.name)? {
        return Err(Fault::Refused(PeopleRefusal::NameTaken));
    }
    let (profile, state) = (*profile, AccountState::Invited);
    let row = NewRow { agent, password: None, profile, state, first_password: false, now: by.at };
    accounts::insert(connection, &row)?;
    audit::note(connection, &agent.site, by, Action::CreateAgent, Target::Agent(agent.id), Outcome::Done)?;
    passwords::issue(connection, &agent.site, link, by)?;
    standing(connection, &agent.site, agent.id)
}

fn set_profile(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    to: ProfileId,
    by: &By,
) -> Result<Aftermath, Fault<PeopleRefusal>> {
    let account = standing(connection, site, agent)?;
    let profile = profiles::profile(connection, site, to)?.ok_or(Fault::Refused(PeopleRefusal::NoProfile))?;
    let changed = Account { permissions: profile.permissions, ..account.clone() };
    may(connection, &account, changed.effective(), by)?;
    let mut aftermath = Aftermath::default();
    if account.profile == to {
        return Ok(aftermath);
    }
    execute(connection, SET_PROFILE, params![agent.blob(), to.blob()])?;
    let change = Some(format!("{} → {to}: {}", account.profile, profile.permissions));
    audit::note_change(connection, site, by, Action::SetProfile, Target::Agent(agent), Outcome::Done, change)?;
    let (before, after) = (account.effective(), changed.effective());
    rights::settle(connection, site, agent, before, after, by.at, &mut aftermath)?;
    Ok(aftermath)
}

/// Takes an account out of use: its sessions end, its link is void, its rights are gone.
fn turn_off(
    connection: &Connection,
    account: &Account,
    state: AccountState,
    action: Action,
    by: &By,
    aftermath: &mut Aftermath,
) -> rusqlite::Result<()> {
    let (site, agent) = (&account.agent.site, account.agent.id);
    execute(connection, SET_STATE, params![agent.blob(), state.as_str()])?;
    passwords::void_links(connection, agent)?;
    audit::note(connection, site, by, action, Target::Agent(agent), Outcome::Done)?;
    ending::end_all_of(connection, site, agent, None, EndReason::Deactivated, by, aftermath)?;
    rights::settle(connection, site, agent, account.effective(), Permissions::NONE, by.at, aftermath)
}

fn deactivate(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    by: &By,
) -> Result<Aftermath, Fault<PeopleRefusal>> {
    let account = standing(connection, site, agent)?;
    may(connection, &account, Permissions::NONE, by)?;
    let mut aftermath = Aftermath::default();
    if account.state != AccountState::Deactivated {
        let (state, action) = (AccountState::Deactivated, Action::DeactivateAgent);
        turn_off(connection, &account, state, action, by, &mut aftermath)?;
    }
    Ok(aftermath)
}

fn activate(connection: &Connection, site: &SiteId, agent: AgentId, by: &By) -> Result<(), Fault<PeopleRefusal>> {
    let account = standing(connection, site, agent)?;
    if by.agent() == Some(agent) {
        return Err(Fault::Refused(PeopleRefusal::Own));
    }
    if matches!(account.state, AccountState::Active | AccountState::Invited) {
        return Ok(());
    }
    execute(connection, WAIT_FOR_LINK, [agent.blob()])?;
    Ok(audit::note(connection, site, by, Action::ActivateAgent, Target::Agent(agent), Outcome::Done)?)
}

fn disable_idle(connection: &Connection, now: Timestamp) -> rusqlite::Result<Aftermath> {
    let (mut aftermath, by) = (Aftermath::default(), By::desk(now));
    for (site, policy) in policies::policies(connection)? {
        let before = now.0.saturating_sub(i64::from(policy.idle_account_days) * 86_400_000);
        let idle: Vec<AgentId> = all(connection, IDLE, params![site.as_str(), before], |row| id(row, 0))?;
        for agent in idle {
            let Some(account) = accounts::account(connection, &site, agent)? else { continue };
            let (state, action) = (AccountState::Idle, Action::DisableIdleAgent);
            turn_off(connection, &account, state, action, &by, &mut aftermath)?;
        }
    }
    Ok(aftermath)
}

#[async_trait]
impl People for SqliteStore {
    async fn people(&self, site: &SiteId, now: Timestamp) -> Result<Vec<Person>, StoreError> {
        let site = site.clone();
        self.read("people", move |connection| Ok(all(connection, PEOPLE, params![now.0, site.as_str()], read_person)?))
            .await
    }

    async fn person(&self, site: &SiteId, agent: AgentId, now: Timestamp) -> Result<Option<Person>, StoreError> {
        let site = site.clone();
        self.read("person", move |connection| {
            Ok(one(connection, PERSON, params![now.0, site.as_str(), agent.blob()], read_person)?)
        })
        .await
    }

    async fn invite_person(&self, person: NewPerson, by: By) -> Result<Account, VerbError<PeopleRefusal>> {
        self.verb("invite_person", move |connection| invite(connection, &person, &by)).await
    }

    async fn set_profile(
        &self,
        site: &SiteId,
        agent: AgentId,
        profile: ProfileId,
        by: By,
    ) -> Result<Aftermath, VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("set_profile", move |connection| set_profile(connection, &site, agent, profile, &by)).await
    }

    async fn rename_person(
        &self,
        site: &SiteId,
        agent: AgentId,
        name: DisplayName,
        by: By,
    ) -> Result<(), VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("rename_person", move |connection| {
            standing(connection, &site, agent)?;
            execute(connection, RENAME, params![agent.blob(), name.as_str()])?;
            Ok(audit::note(connection, &site, &by, Action::RenameAgent, Target::Agent(agent), Outcome::Done)?)
        })
        .await
    }

    async fn deactivate(&self, site: &SiteId, agent: AgentId, by: By) -> Result<Aftermath, VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("deactivate", move |connection| deactivate(connection, &site, agent, &by)).await
    }

    async fn activate(&self, site: &SiteId, agent: AgentId, by: By) -> Result<(), VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("activate", move |connection| activate(connection, &site, agent, &by)).await
    }

    async fn unlock_account(&self, site: &SiteId, agent: AgentId, by: By) -> Result<(), VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("unlock_account", move |connection| {
            standing(connection, &site, agent)?;
            attempts::forgive(connection, agent)?;
            Ok(audit::note(connection, &site, &by, Action::UnlockAccount, Target::Agent(agent), Outcome::Done)?)
        })
        .await
    }

    async fn end_sessions_of(
        &self,
        site: &SiteId,
        agent: AgentId,
        by: By,
    ) -> Result<Aftermath, VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("end_sessions_of", move |connection| {
            standing(connection, &site, agent)?;
            let mut aftermath = Aftermath::default();
            ending::end_all_of(connection, &site, agent, None, EndReason::EndedByAdmin, &by, &mut aftermath)?;
            Ok(aftermath)
        })
        .await
    }

    async fn disable_idle_accounts(&self, now: Timestamp) -> Result<Aftermath, StoreError> {
        self.write("disable_idle_accounts", move |connection| Ok(disable_idle(connection, now)?)).await
    }

    async fn rights_spans(
        &self,
        site: &SiteId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<RightsSpan>, StoreError> {
        let site = site.clone();
        self.read("rights_spans", move |connection| Ok(rights::spans(connection, &site, from, until)?)).await
    }

    async fn profiles(&self, site: &SiteId) -> Result<Vec<ProfileUse>, StoreError> {
        let site = site.clone();
        self.read("profiles", move |connection| Ok(profiles::all_of(connection, &site)?)).await
    }

    async fn create_profile(&self, profile: Profile, by: By) -> Result<(), VerbError<ProfileRefusal>> {
        self.verb("create_profile", move |connection| profiles::create(connection, &profile, &by)).await
    }

    async fn change_profile(&self, profile: Profile, by: By) -> Result<Aftermath, VerbError<ProfileRefusal>> {
        self.verb("change_profile", move |connection| profiles::change(connection, profile, &by)).await
    }

    async fn delete_profile(&self, site: &SiteId, profile: ProfileId, by: By) -> Result<(), VerbError<ProfileRefusal>> {
        let site = site.clone();
        self.verb("delete_profile", move |connection| profiles::delete(connection, &site, profile, &by)).await
    }
}
