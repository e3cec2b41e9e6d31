//! The stage: plays one list of operations, and holds both zones to the invariants after each.

mod api;
mod conversation;
mod form;
mod history;
mod keeping;
mod keys;
mod view;

use aside_wire::Reopen;
use proptest::sample::Index;
use serde_json::json;

use crate::house::{AGENTS, Failure, House, MANAGER, Setting};
use crate::invariant;
use crate::ledger::{Ledger, Played};
use crate::link::Wire;
use crate::operation::Operation;
use crate::person::{Person, Visitor};

/// A published test number.
pub(crate) const PAN: &str = "4111111111111111";
/// What is off the record.
pub(crate) const CODE: &str = "737";
/// The case that somebody who looks back names.
const CASE: &str = "CASE-7";

/// Everything on the stage.
pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) ledger: Ledger,
    /// Whether the tasks came round since anything happened.
    pub(crate) settled: bool,
    /// The agents, and after them the manager.
    people: Vec<Person>,
    pub(crate) visitors: Vec<Visitor>,
    count: u32,
}

/// Plays a list of operations on a site that is set so.
///
/// # Errors
/// The sentence that was broken, and after which operation.
pub fn run(setting: Setting, operations: &[Operation]) -> Result<Played, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut world = World::begin(setting).await.map_err(|error| format!("at the beginning: {error}"))?;
        for (number, operation) in operations.iter().enumerate() {
            let played = async {
                world.play(operation).await?;
                world.check().await
            };
            played.await.map_err(|error| format!("after operation {number}, {operation:?}: {error}"))?;
        }
        world.end().await.map_err(|error| format!("at the end: {error}"))?;
        Ok(world.ledger.played)
    })
}

impl World {
    async fn begin(setting: Setting) -> Result<Self, Failure> {
        let house = House::build(setting).await?;
        house.desk.desk.turn().await?;
        let people = AGENTS.into_iter().chain([MANAGER]).map(Person::new).collect();
        let mut world =
            Self { house, ledger: Ledger::default(), settled: false, people, visitors: Vec::new(), count: 0 };
        for person in &mut world.people {
            person.sign_in(&world.house).await?;
            if !person.enrol(&world.house).await {
                return Err(format!("{} could not be enrolled", person.name).into());
            }
        }
        world.visit().await?;
        Ok(world)
    }

    async fn check(&self) -> Result<(), Failure> {
        invariant::nobody_was_let_through(self)?;
        invariant::each_form_is_kept_once(self)?;
        invariant::nothing_is_kept_after_its_end(self)?;
        invariant::every_key_is_there_that_something_needs(self)?;
        invariant::who_read_stands_in_the_log(self)?;
        invariant::the_desk_has_heard_everything(self).await
    }

    /// Mends what is cut, unseals what is sealed, lets everything settle, and looks once more: what is over is gone, what is
    /// not is there, also in the files.
    async fn end(&mut self) -> Result<(), Failure> {
        self.house.between.set(Wire::Whole);
        self.unseal().await?;
        self.settle().await?;
        self.check().await?;
        self.revoked_is_over().await?;
        for number in 0..self.ledger.sent.len() {
            self.detokenise(number).await?;
        }
        self.renew_the_keys().await?;
        self.purge().await?;
        self.settle().await?;
        self.check().await?;
        invariant::no_file_holds_an_answer(self)?;
        invariant::no_file_holds_what_was_erased(self)
    }

    /// Newer keys, everything moved to them, the former retired: what is not over is read as before.
    async fn renew_the_keys(&mut self) -> Result<(), Failure> {
        let before = self.ledger.played.retired;
        self.rotate().await?;
        self.rewrap().await?;
        self.retire().await?;
        if self.ledger.played.retired == before {
            return Err("everything was moved to a newer key, and no former one could be retired".into());
        }
        for number in 0..self.ledger.sent.len() {
            self.detokenise(number).await?;
        }
        Ok(())
    }

    /// Turns until nothing is owed any more: what failed before is tried again only after a while.
    async fn settle(&mut self) -> Result<(), Failure> {
        for _ in 0..100 {
            self.turn().await?;
            if self.owes_nothing().await? {
                return Ok(());
            }
            self.house.clock.advance_seconds(10);
        }
        Err("the desk still owes the vault something, over a whole wire".into())
    }

    async fn play(&mut self, operation: &Operation) -> Result<(), Failure> {
        self.settled = false;
        self.ledger.played.operations += 1;
        let (agents, people, conversations) = (AGENTS.len(), self.people.len(), self.visitors.len());
        match operation {
            Operation::Visit => self.visit().await,
            Operation::Invite { agent, conversation, card } => {
                self.invite(agent.index(agents), conversation.index(conversations), *card).await
            }
            Operation::Round { agent, conversation, card } => {
                self.round(agent.index(agents), conversation.index(conversations), *card).await
            }
            Operation::Turn => self.turn().await,
            Operation::Wire(wire) => {
                self.house.between.set(*wire);
                Ok(())
            }
            Operation::Wait(seconds) => {
                self.house.clock.advance_seconds(*seconds);
                Ok(())
            }
            Operation::CrashVault { unsealed } => self.crash_vault(*unsealed).await,
            Operation::Unseal => self.unseal().await,
            Operation::CrashDesk => {
                self.ledger.played.killed += 1;
                self.house.restart_desk()
            }
            Operation::Rotate => self.rotate().await,
            Operation::Rewrap => self.rewrap().await,
            Operation::Retire => self.retire().await,
            Operation::Purge => self.purge().await,
            Operation::Past { conversation } => self.past(conversation.index(conversations)).await,
            Operation::Erase { conversation } => self.erase(conversation.index(conversations)).await,
            Operation::Export { conversation } => self.export(conversation.index(conversations)).await,
            Operation::Lock { agent } => {
                self.people[agent.index(people)].desk(&self.house, "/api/session/lock", json!({})).await;
                Ok(())
            }
            Operation::SignOut { agent } => self.sign_out(agent.index(people)).await,
            Operation::SignIn { agent } => self.sign_in(agent.index(people)).await,
            Operation::Transfer { conversation, agent } => {
                self.transfer(conversation.index(conversations), agent.index(agents)).await
            }
            Operation::Close { conversation } => self.close(conversation.index(conversations)).await,
            Operation::Reveal { view, code } => match some(view, self.ledger.views.len()) {
                Some(view) => self.reveal(view, *code).await,
                None => Ok(()),
            },
            Operation::Done { view } => match some(view, self.ledger.views.len()) {
                Some(view) => self.done(view).await,
                None => Ok(()),
            },
            Operation::Replay { request, stranger } => match some(request, self.ledger.shown.len()) {
                Some(request) => self.replay(request, *stranger).await,
                None => Ok(()),
            },
            on => self.play_on_a_form(on).await,
        }
    }

    async fn play_on_a_form(&mut self, operation: &Operation) -> Result<(), Failure> {
        let forms = self.ledger.sent.len();
        let number = match operation {
            Operation::Open { invitation, .. }
            | Operation::Reload { invitation }
            | Operation::Submit { invitation, .. }
            | Operation::Decline { invitation }
            | Operation::Leave { invitation }
            | Operation::Look { invitation, .. }
            | Operation::History { invitation }
            | Operation::Detokenise { invitation }
            | Operation::Cancel { invitation }
            | Operation::Reissue { invitation } => some(invitation, forms),
            _ => None,
        };
        let Some(number) = number else { return Ok(()) };
        match operation {
            Operation::Open { laptop, .. } => self.open(number, usize::from(*laptop)).await,
            Operation::Reload { .. } => self.load(number, self.ledger.sent[number].device).await,
            Operation::Submit { well, .. } => self.submit(number, *well).await,
            Operation::Decline { .. } => self.put_away(number, "decline").await,
            Operation::Leave { .. } => self.put_away(number, "close").await,
            Operation::Look { sender: true, .. } => self.look(number, self.ledger.sent[number].agent).await,
            Operation::Look { agent, .. } => self.look(number, agent.index(AGENTS.len())).await,
            Operation::History { .. } => self.history(number).await,
            Operation::Detokenise { .. } => self.detokenise(number).await,
            Operation::Cancel { .. } => self.command(number, "cancel").await,
            _ => self.command(number, "reissue").await,
        }
    }

    async fn turn(&mut self) -> Result<(), Failure> {
        self.house.desk.desk.turn().await?;
        self.house.vault.vault.check_keys().await;
        self.house.vault.vault.sweep_once().await;
        // What the sweep has ended is told in the next turn.
        self.house.desk.desk.turn().await?;
        self.settled = true;
        if self.house.between.wire() == Wire::Whole && self.owes_nothing().await? {
            self.what_was_owed_is_done();
        }
        Ok(())
    }

    fn fresh(&mut self) -> String {
        self.count += 1;
        format!("01900000-0000-7000-8000-{:012x}", self.count)
    }

    fn reopen(&self) -> Reopen {
        self.house.setting.reopen
    }
}

/// Which of `length` things, if there are any.
fn some(index: &Index, length: usize) -> Option<usize> {
    (length > 0).then(|| index.index(length))
}
