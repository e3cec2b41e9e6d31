//! Profiles: rows, and what a change of one does to all who have it.

use aside_base::{AgentId, ProfileId, SiteId};
use aside_desk_domain::{
    Account, Action, By, MOST_PROFILES, Outcome, Permission, Profile, ProfileRefusal, Role, Target, may_keep,
};
use aside_desk_store::{Aftermath, ProfileUse};
use rusqlite::{Connection, Row, params};

use crate::accounts::{account_columns, account_tables, read_account};
use crate::fault::Fault;
use crate::row::{BlobId, all, execute, id, named, one, parsed, site};
use crate::{audit, rights};

macro_rules! profile_columns {
    () => {
        "p.site, p.id, p.role, p.name, p.permissions"
    };
}

crate::statements::statements! {
    ADD = "INSERT INTO profiles (site, id, role, name, permissions) VALUES (?, ?, ?, ?, ?)";
    PROFILE = concat!("SELECT ", profile_columns!(), " FROM profiles p WHERE p.site = ? AND p.id = ?");
    PROFILES = concat!("SELECT ", profile_columns!(), ", (SELECT count(*) FROM agents a WHERE a.site = p.site AND a.profile = p.id) FROM profiles p WHERE p.site = ? ORDER BY p.name");
    COUNT = "SELECT count(*) FROM profiles WHERE site = ?";
    NAMED = "SELECT id FROM profiles WHERE site = ? AND name = ?";
    CHANGE = "UPDATE profiles SET name = ?3, permissions = ?4 WHERE site = ?1 AND id = ?2";
    DELETE = "DELETE FROM profiles WHERE site = ? AND id = ?";
    USED = "SELECT EXISTS (SELECT 1 FROM agents WHERE site = ? AND profile = ?)";
    HAVE = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.site = ? AND a.profile = ?");
    OTHER_MANAGER = "SELECT EXISTS (SELECT 1 FROM agents a JOIN profiles p ON p.site = a.site AND p.id = a.profile WHERE a.site = ?1 AND a.state = 'active' AND a.id IS NOT ?2 AND a.profile IS NOT ?3 AND ' ' || p.permissions || ' ' LIKE '% manage_people %')";
}

fn read_profile(row: &Row<'_>) -> rusqlite::Result<Profile> {
    Ok(Profile {
        site: site(row, 0)?,
        id: id(row, 1)?,
        role: named(row, 2, &Role::ALL, Role::as_str)?,
        name: parsed(row, 3)?,
        permissions: parsed(row, 4)?,
    })
}

/// Writes a profile's row.
pub(crate) fn insert(connection: &Connection, profile: &Profile) -> rusqlite::Result<()> {
    let Profile { id, site, role, name, permissions } = profile;
    let row = params![site.as_str(), id.blob(), role.as_str(), name.as_str(), permissions.to_string()];
    execute(connection, ADD, row).map(|_| ())
}

/// A profile of a site.
pub(crate) fn profile(connection: &Connection, site: &SiteId, id: ProfileId) -> rusqlite::Result<Option<Profile>> {
    one(connection, PROFILE, params![site.as_str(), id.blob()], read_profile)
}

/// All profiles of a site: the built-in ones by role, then the others by name.
pub(crate) fn all_of(connection: &Connection, site: &SiteId) -> rusqlite::Result<Vec<ProfileUse>> {
    let read = |row: &Row<'_>| Ok(ProfileUse { profile: read_profile(row)?, people: row.get(5)? });
    let mut profiles = all(connection, PROFILES, [site.as_str()], read)?;
    profiles.sort_by_key(|used| {
        let profile = &used.profile;
        (!profile.is_built_in(), profile.is_built_in().then_some(profile.role))
    });
    Ok(profiles)
}

/// Whether an active account of the site may manage people, besides `agent` and those who have `profile`.
pub(crate) fn others_manage(
    connection: &Connection,
    site: &SiteId,
    agent: Option<AgentId>,
    profile: Option<ProfileId>,
) -> rusqlite::Result<bool> {
    let key = params![site.as_str(), agent.map(|id| id.blob()), profile.map(|id| id.blob())];
    Ok(one(connection, OTHER_MANAGER, key, |row| row.get(0))?.unwrap_or(false))
}

fn name_is_free(connection: &Connection, profile: &Profile) -> rusqlite::Result<bool> {
    let key = [profile.site.as_str(), profile.name.as_str()];
    let named: Option<ProfileId> = one(connection, NAMED, key, |row| id(row, 0))?;
    Ok(named.is_none_or(|named| named == profile.id))
}

/// Makes a profile.
pub(crate) fn create(connection: &Connection, new: &Profile, by: &By) -> Result<(), Fault<ProfileRefusal>> {
    may_keep(new).map_err(Fault::Refused)?;
    let count = one(connection, COUNT, [new.site.as_str()], |row| row.get(0))?.unwrap_or(0_u32);
    // A site that is not there has no profiles.
    if count == 0 || profile(connection, &new.site, new.id)?.is_some() {
        return Err(Fault::Refused(ProfileRefusal::NotFound));
    }
    if count >= MOST_PROFILES {
        return Err(Fault::Refused(ProfileRefusal::TooMany));
    }
    if !name_is_free(connection, new)? {
        return Err(Fault::Refused(ProfileRefusal::NameTaken));
    }
    insert(connection, new)?;
    Ok(audit::note(connection, &new.site, by, Action::CreateProfile, Target::Profile(new.id), Outcome::Done)?)
}

/// A custom profile that stands.
fn custom(connection: &Connection, site: &SiteId, id: ProfileId) -> Result<Profile, Fault<ProfileRefusal>> {
    match profile(connection, site, id)? {
        None => Err(Fault::Refused(ProfileRefusal::NotFound)),
        Some(standing) if standing.is_built_in() => Err(Fault::Refused(ProfileRefusal::BuiltIn)),
        Some(standing) => Ok(standing),
    }
}

/// Changes a profile for all who have it.
pub(crate) fn change(connection: &Connection, new: Profile, by: &By) -> Result<Aftermath, Fault<ProfileRefusal>> {
    let before = custom(connection, &new.site, new.id)?;
    let new = Profile { role: before.role, ..new };
    may_keep(&new).map_err(Fault::Refused)?;
    if !name_is_free(connection, &new)? {
        return Err(Fault::Refused(ProfileRefusal::NameTaken));
    }
    let (site, key) = (&new.site, params![new.site.as_str(), new.id.blob()]);
    let have: Vec<Account> = all(connection, HAVE, key, read_account)?;
    if before.permissions != new.permissions {
        if by.agent().is_some_and(|agent| have.iter().any(|account| account.agent.id == agent)) {
            return Err(Fault::Refused(ProfileRefusal::Own));
        }
        let manage = Permission::ManagePeople;
        let loses = before.permissions.has(manage) && !new.permissions.has(manage);
        let matters = have.iter().any(|account| account.effective().has(manage));
        if loses && matters && !others_manage(connection, site, None, Some(new.id))? {
            return Err(Fault::Refused(ProfileRefusal::LastManager));
        }
    }
    let row = params![site.as_str(), new.id.blob(), new.name.as_str(), new.permissions.to_string()];
    execute(connection, CHANGE, row)?;
    let change = Some(format!("{} → {}", before.permissions, new.permissions));
    audit::note_change(connection, site, by, Action::ChangeProfile, Target::Profile(new.id), Outcome::Done, change)?;
    let mut aftermath = Aftermath::default();
    for account in have {
        let (agent, before) = (account.agent.id, account.effective());
        let after = Account { permissions: new.permissions, ..account }.effective();
        rights::settle(connection, site, agent, before, after, by.at, &mut aftermath)?;
    }
    Ok(aftermath)
}

/// Deletes a profile that nobody has.
pub(crate) fn delete(
    connection: &Connection,
    site: &SiteId,
    id: ProfileId,
    by: &By,
) -> Result<(), Fault<ProfileRefusal>> {
    custom(connection, site, id)?;
    if one(connection, USED, params![site.as_str(), id.blob()], |row| row.get(0))?.unwrap_or(false) {
        return Err(Fault::Refused(ProfileRefusal::InUse));
    }
    execute(connection, DELETE, params![site.as_str(), id.blob()])?;
    Ok(audit::note(connection, site, by, Action::DeleteProfile, Target::Profile(id), Outcome::Done)?)
}
