//! What must hold after every operation, whatever came before it. Each is a function, and its comment the sentence it checks.

use std::path::Path;

use aside_base::{Clock as _, InvitationId, SubmissionId};
use aside_desk_store::Invitations as _;
use aside_vault_store::Store as _;
use aside_wire::Status;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::house::{Failure, northwind};
use crate::ledger::{marker, words};
use crate::link::Wire;
use crate::world::World;

/// Nothing that the players saw contradicts the rules: no key let two through, nobody but the sender's browser saw answers, no
/// answer came after the right was taken away or after its end, nothing that was off the record came from history, from a file
/// or to a program, no form came back after it was closed for good, and none was offered or taken while the keys were sealed.
pub(crate) fn nobody_was_let_through(world: &World) -> Result<(), Failure> {
    if world.ledger.broken.is_empty() { Ok(()) } else { Err(world.ledger.broken.join("; ").into()) }
}

/// The vault holds at most one submission for each invitation, and one for each whose visitor was told that it is there.
pub(crate) fn each_form_is_kept_once(world: &World) -> Result<(), Failure> {
    let database = vaults(world)?;
    let twice: i64 = database.query_row(
        "SELECT count(*) FROM (SELECT 1 FROM submissions GROUP BY invitation HAVING count(*) > 1)",
        [],
        |row| row.get(0),
    )?;
    if twice > 0 {
        return Err(format!("{twice} invitations have two submissions").into());
    }
    for (number, sent) in world.ledger.sent.iter().enumerate() {
        if sent.acknowledged.is_some() && submission_of(world, number)?.is_none() {
            return Err(format!("the answers of {} were acknowledged and are lost", sent.id).into());
        }
    }
    Ok(())
}

/// Of answers whose end has come, by their age or by somebody's request, the vault has neither a key nor a sealed byte nor a
/// fingerprint.
pub(crate) fn nothing_is_kept_after_its_end(world: &World) -> Result<(), Failure> {
    let database = vaults(world)?;
    let mut left = database.prepare(
        "SELECT (SELECT count(*) FROM data_keys WHERE submission = s.id)
              + (SELECT count(*) FROM answers WHERE submission = s.id AND (sealed IS NOT NULL OR fingerprint IS NOT NULL))
         FROM submissions s WHERE s.invitation = ?1",
    )?;
    for sent in world.ledger.sent.iter().filter(|sent| sent.over) {
        let id: InvitationId = sent.id.parse()?;
        let left = left.query_row([id.as_uuid().as_bytes()], |row| row.get::<_, i64>(0)).optional()?;
        if left.is_some_and(|left| left > 0) {
            return Err(format!("the answers of {} are over, and the vault still has of them", sent.id).into());
        }
    }
    Ok(())
}

/// Every data key is sealed by a site key that is there, whatever was rotated, moved and retired, and whenever it crashed.
pub(crate) fn every_key_is_there_that_something_needs(world: &World) -> Result<(), Failure> {
    let orphans: i64 = vaults(world)?.query_row(
        "SELECT count(*) FROM data_keys d LEFT JOIN site_keys k ON k.site = d.site AND k.version = d.site_key_version
         WHERE k.version IS NULL OR k.retired_at IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    if orphans > 0 { Err(format!("{orphans} data keys have no site key any more").into()) } else { Ok(()) }
}

/// Whatever somebody was shown stands in the vault's log: views, what was revealed in them, history, files, what programs read.
pub(crate) fn who_read_stands_in_the_log(world: &World) -> Result<(), Failure> {
    let database = vaults(world)?;
    let mut written = database.prepare("SELECT count(*) FROM audit WHERE act = ?1 AND result = 'done'")?;
    let played = &world.ledger.played;
    for (act, seen) in [
        ("viewed", played.viewed),
        ("revealed", played.revealed),
        ("history_viewed", played.looked_back),
        ("exported", played.exported),
        ("detokenised", played.detokenised),
    ] {
        let written: u32 = written.query_row([act], |row| row.get(0))?;
        if written < seen {
            return Err(format!("{seen} times something was {act}, and {written} times the log says so").into());
        }
    }
    Ok(())
}

/// Once the wire is whole and the tasks came round, the desk knows of each invitation what the vault knows: its status, its
/// submission, and whether its answers were erased.
pub(crate) async fn the_desk_has_heard_everything(world: &World) -> Result<(), Failure> {
    if world.house.between.wire() != Wire::Whole || !world.settled {
        return Ok(());
    }
    for (number, sent) in world.ledger.sent.iter().enumerate() {
        let id = sent.id.parse()?;
        let now = world.house.clock.now();
        let vault =
            world.house.vault.store.status(northwind(), id, now).await.map(|status| (status.status, status.submission));
        let desk = world.house.desk.store.invitation(&northwind(), id).await?;
        let (Ok((status, submission)), Some(desk)) = (vault, desk) else { continue };
        let known = desk.invitation.status.as_str();
        let told = match status {
            Status::Sent => matches!(known, "sent" | "received"),
            status => serde_json::to_value(status)? == known,
        };
        if !told || desk.invitation.submission != submission {
            return Err(format!("{}: the vault says {status:?} and {submission:?}, the desk {known}", sent.id).into());
        }
        let erased = desk.invitation.erased;
        let over = sent.over && sent.acknowledged.is_some();
        if (over && erased.is_none()) || (world.must_be_there(number) && erased.is_some()) {
            return Err(format!("{}: over at the vault: {over}, erased at the desk: {erased:?}", sent.id).into());
        }
    }
    Ok(())
}

/// The desk's files hold no answer, whole or in part, and the vault's none in the clear.
pub(crate) fn no_file_holds_an_answer(world: &World) -> Result<(), Failure> {
    let answers = || (0..world.ledger.sent.len()).map(marker).chain([crate::world::PAN.to_owned()]);
    for folder in [world.house.desk_files(), world.house.vault_files()] {
        hold_none(&folder, answers().map(|answer| (answer.clone(), answer.into_bytes())))?;
    }
    Ok(())
}

/// What was erased stands in no file any more, free pages and logs included: at the desk what the visitor said, at the vault not
/// even what was sealed.
pub(crate) fn no_file_holds_what_was_erased(world: &World) -> Result<(), Failure> {
    let erased = (0..world.visitors.len()).filter(|visitor| world.visitors[*visitor].erased).map(words);
    hold_none(&world.house.desk_files(), erased.map(|words| (words.clone(), words.into_bytes())))?;
    let over = world.ledger.sealed.iter().filter(|(number, _)| world.ledger.sent[*number].over);
    let sealed = over.map(|(number, bytes)| (format!("what was sealed of form {number}"), bytes.clone()));
    hold_none(&world.house.vault_files(), sealed)
}

/// No file of the folder holds any of these, each with a name to tell it by.
fn hold_none(folder: &Path, wanted: impl Iterator<Item = (String, Vec<u8>)>) -> Result<(), Failure> {
    let wanted: Vec<_> = wanted.collect();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.is_file() {
            let bytes = std::fs::read(&path)?;
            if let Some((name, _)) = wanted.iter().find(|(_, text)| memchr::memmem::find(&bytes, text).is_some()) {
                return Err(format!("{} holds {name:?}", path.display()).into());
            }
        }
    }
    Ok(())
}

/// The name of a form's answers at the vault.
pub(crate) fn submission_of(world: &World, number: usize) -> Result<Option<SubmissionId>, Failure> {
    let id: InvitationId = world.ledger.sent[number].id.parse()?;
    let wanted = "SELECT hex(id) FROM submissions WHERE invitation = ?1";
    let found =
        vaults(world)?.query_row(wanted, [id.as_uuid().as_bytes()], |row| row.get::<_, String>(0)).optional()?;
    Ok(found.map(|id| id.parse()).transpose()?)
}

/// Notes what the vault keeps of a form now, as it is sealed: to look for it once it is over.
pub(crate) fn remember_what_is_sealed(world: &mut World, number: usize) -> Result<(), Failure> {
    let Some(submission) = submission_of(world, number)? else { return Ok(()) };
    let database = vaults(world)?;
    let mut sealed = database.prepare(
        "SELECT sealed FROM answers WHERE submission = ?1 AND sealed IS NOT NULL
         UNION SELECT sealed FROM data_keys WHERE submission = ?1",
    )?;
    for bytes in sealed.query_map([submission.as_uuid().as_bytes()], |row| row.get::<_, Vec<u8>>(0))? {
        world.ledger.sealed.insert((number, bytes?));
    }
    Ok(())
}

/// The vault's database, as it stands now.
fn vaults(world: &World) -> Result<Connection, Failure> {
    let path = world.house.vault_files().join("vault.sqlite");
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}
