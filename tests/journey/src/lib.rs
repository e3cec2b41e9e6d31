//! A house to walk journeys in: both programs as processes, on free ports, in a folder that goes away with it.
//!
//! Every journey has a house of its own, so that one may kill what another relies on. The programs are the built ones
//! beside the test; a missing one says how to build it.

#![expect(clippy::unwrap_used, reason = "a journey without its house cannot go on")]

use std::sync::Arc;
use std::time::Duration;

use aside::house::{Account, House, Launch, Limits, Plan, Ports, Program, Programs, Role, SitePlan};
use aside::journey::{Agent, JourneyError, Setting, Visitor};
use aside_base::{Rng, SiteId};
use aside_operate::{SystemClock, SystemRng, own_program};
use aside_wire::Clocks;
use tempfile::TempDir;

/// A published test number; nobody's card.
pub const CARD: &str = "4111111111111111";
/// Another, of a brand with 15 digits and a code of four.
pub const OTHER_CARD: &str = "378282246310005";

/// Who works for the first site.
static NORTHWIND: [(Role, &str, &str); 4] = [
    (Role::Agent, "dana", "Dana"),
    (Role::Agent, "sam", "Sam"),
    (Role::Manager, "maya", "Maya"),
    (Role::Admin, "robin", "Robin"),
];

/// What a visitor answers to the card form.
#[must_use]
pub fn card(number: &'static str, code: &'static str) -> [(&'static str, &'static str); 4] {
    [("name", "Ada Byron"), ("number", number), ("expiry", "04/39"), ("cvv", code)]
}

/// A running house, with the people who live in it.
pub struct Town {
    /// The house.
    pub house: House,
    /// Where journeys take place.
    pub setting: Setting,
    /// The desk, while it runs.
    pub desk: Option<Program>,
    /// The vault, while it runs.
    pub vault: Option<Program>,
    folder: TempDir,
}

impl Town {
    /// A house with limits that no journey meets by walking fast.
    ///
    /// # Panics
    /// When it does not stand: without it there is nothing to test.
    pub async fn build() -> Self {
        Self::build_with(unhurried(), None).await
    }

    /// A house with given limits, and clocks of its first site.
    ///
    /// # Panics
    /// When it does not stand.
    pub async fn build_with(limits: Limits, clocks: Option<Clocks>) -> Self {
        let mut town = Self::prepare(limits, clocks).await;
        town.start().await;
        town
    }

    /// A house in which nothing runs yet.
    ///
    /// # Panics
    /// When it cannot be prepared.
    pub async fn prepare(limits: Limits, clocks: Option<Clocks>) -> Self {
        aside_operate::install_provider();
        let rng: Arc<dyn Rng> = Arc::new(SystemRng::default());
        let folder = tempfile::Builder::new().prefix("aside-journey-").tempdir().unwrap();
        let own = own_program().unwrap();
        let site = |name: &str, brand, people, clocks| SitePlan { site: name.parse().unwrap(), brand, people, clocks };
        let plan = Plan {
            folder: folder.path().join("house"),
            programs: Programs::beside(&own).unwrap_or_else(|missing| panic!("{missing}")),
            ports: Ports::free(&*rng).unwrap(),
            sites: vec![
                site("northwind", "Northwind", &NORTHWIND, clocks),
                site("eastgate", "Eastgate", &[(Role::Agent, "kim", "Kim")], None),
            ],
            limits,
        };
        let clock = Arc::new(SystemClock);
        let house = House::prepare(&plan, &*clock, &*rng).await.unwrap_or_else(|error| panic!("{error}"));
        let setting = Setting { origins: house.origins.clone(), clock, rng };
        Self { house, setting, desk: None, vault: None, folder }
    }

    /// Starts what does not run.
    ///
    /// # Panics
    /// When a program does not start.
    pub async fn start(&mut self) {
        let start = async |running: &mut Option<Program>, launch: Launch| {
            if running.is_none() {
                *running = Some(Program::start(launch).await.unwrap_or_else(|error| panic!("{error}")));
            }
        };
        tokio::join!(start(&mut self.vault, self.house.vault()), start(&mut self.desk, self.house.desk()));
    }

    /// `kill -9` of the desk.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn kill_desk(&mut self) {
        self.desk.take().unwrap().kill().await.unwrap();
    }

    /// `kill -9` of the vault.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn kill_vault(&mut self) {
        self.vault.take().unwrap().kill().await.unwrap();
    }

    /// Stops both in order, so that all they would ever write is written.
    ///
    /// # Panics
    /// When one does not end cleanly.
    pub async fn stop(&mut self) {
        for program in [self.desk.take(), self.vault.take()].into_iter().flatten() {
            assert!(program.stop().await.unwrap(), "a program did not end cleanly");
        }
    }

    /// The account of an agent, manager or admin.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn account(&self, name: &str) -> &Account {
        self.house.accounts.iter().find(|account| account.name == name).unwrap()
    }

    /// Somebody at work: signed in, and the browser enrolled where it may view. The first time, all that the site's policy
    /// asks for is set up.
    ///
    /// # Panics
    /// When the desk or the vault refuses.
    pub async fn agent(&self, name: &str) -> Agent {
        Agent::at_work(&self.setting, self.account(name)).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A visitor of Northwind who has written, and the conversation.
    ///
    /// # Panics
    /// When the desk refuses.
    pub async fn visitor(&self) -> (Visitor, String) {
        let mut visitor = Visitor::visit(&self.setting, &self.site()).await.unwrap();
        let conversation = visitor.say("Hello").await.unwrap();
        (visitor, conversation)
    }

    /// Northwind.
    #[must_use]
    pub fn site(&self) -> SiteId {
        self.account("dana").site.clone()
    }

    /// The folder that goes away with the house.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Limits that no journey meets by walking fast.
#[must_use]
pub fn unhurried() -> Limits {
    Limits {
        public_posts_per_minute: 100_000,
        logins_per_minute: 10_000,
        messages_per_minute: 10_000,
        ..Limits::default()
    }
}

/// Tries again, for ten seconds, while the answer is one of `meanwhile`: what one program tells the other over the zone link, or
/// a program that comes back, has no event that a client could await.
///
/// # Panics
/// On another refusal, and when the time is over.
pub async fn patiently<T>(meanwhile: &[u16], mut step: impl AsyncFnMut() -> Result<T, JourneyError>) -> T {
    for _ in 0..100 {
        match step().await {
            Ok(done) => return done,
            Err(error) if error.status().is_some_and(|status| meanwhile.contains(&status)) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => panic!("{error}, {:?}", error.kind()),
        }
    }
    panic!("still one of {meanwhile:?} after 10 s");
}
