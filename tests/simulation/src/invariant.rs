//! What must hold after every operation, whatever came before it. Each is a function, and its comment the sentence it checks.

use std::path::Path;

use aside_base::Clock as _;
use aside_desk_store::Invitations as _;
use aside_vault_store::Store as _;
use aside_wire::Status;
use rusqlite::{Connection, OpenFlags};

use crate::house::{Failure, northwind};
use crate::ledger::marker;
use crate::link::Wire;
use crate::world::World;

/// Nothing that the players saw contradicts the rules: no key let two through, nobody but the sender's browser saw answers, no
/// answer came after the right was taken away, no form came back after it was closed for good.
pub(crate) fn nobody_was_let_through(world: &World) -> Result<(), Failure> {
    if world.ledger.broken.is_empty() { Ok(()) } else { Err(world.ledger.broken.join("; ").into()) }
}

/// The vault holds at most one submission for each invitation, and one for each whose visitor was told that it is there.
pub(crate) fn each_form_is_kept_once(world: &World) -> Result<(), Failure> {
    let database = look_at(&world.house.vault_files().join("vault.sqlite"))?;
    let twice: i64 = database.query_row(
        "SELECT count(*) FROM (SELECT 1 FROM submissions GROUP BY invitation HAVING count(*) > 1)",
        [],
        |row| row.get(0),
    )?;
    if twice > 0 {
        return Err(format!("{twice} invitations have two submissions").into());
    }
    let mut kept = database.prepare("SELECT 1 FROM submissions WHERE invitation = ?1")?;
    for sent in world.ledger.sent.iter().filter(|sent| sent.acknowledged.is_some()) {
        let id: aside_base::InvitationId = sent.id.parse()?;
        if !kept.exists([id.as_uuid().as_bytes()])? {
            return Err(format!("the answers of {} were acknowledged and are lost", sent.id).into());
        }
    }
    Ok(())
}

/// Once the wire is whole and the tasks came round, the desk knows of each invitation what the vault knows: its status and
/// its submission. One gap is known: a re-issue is no event of the vault's, so that a `viewed` from before it that comes late, or a
/// re-issue whose answer was lost, leaves the desk at *viewed* until the next event.
pub(crate) async fn the_desk_has_heard_everything(world: &World) -> Result<(), Failure> {
    if world.house.between.wire() != Wire::Whole || !world.settled {
        return Ok(());
    }
    for sent in &world.ledger.sent {
        let id = sent.id.parse()?;
        let now = world.house.clock.now();
        let vault =
            world.house.vault.store.status(northwind(), id, now).await.map(|status| (status.status, status.submission));
        let desk = world.house.desk.store.invitation(&northwind(), id).await?;
        let (Ok((status, submission)), Some(desk)) = (vault, desk) else { continue };
        let known = desk.invitation.status.as_str();
        let told = match status {
            Status::Sent => matches!(known, "sent" | "received") || (sent.reissued && known == "viewed"),
            status => serde_json::to_value(status)? == known,
        };
        if !told || desk.invitation.submission != submission {
            return Err(format!("{}: the vault says {status:?} and {submission:?}, the desk {known}", sent.id).into());
        }
    }
    Ok(())
}

/// The desk's files hold no answer, whole or in part, and the vault's none in the clear.
pub(crate) fn no_file_holds_an_answer(world: &World) -> Result<(), Failure> {
    for folder in [world.house.desk_files(), world.house.vault_files()] {
        for file in std::fs::read_dir(&folder)? {
            let path = file?.path();
            if path.is_file() {
                let bytes = std::fs::read(&path)?;
                let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
                let names = (0..world.ledger.sent.len()).map(marker);
                if let Some(found) = names.chain([crate::world::PAN.to_owned()]).find(|text| has(text)) {
                    return Err(format!("{} holds {found:?}", path.display()).into());
                }
            }
        }
    }
    Ok(())
}

fn look_at(path: &Path) -> Result<Connection, Failure> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}
