//! The house: both programs on one machine, with everything they need around them.
//!
//! Makes folders, certificates, configuration and accounts, starts the vault and the desk, watches and stops them. The
//! demo, the tour, the bench and the journeys all live in one. It never reads what the programs store.

mod account;
mod accounts;
mod authority;
mod code_app;
mod config;
mod folders;
mod ports;
mod program;
mod programs;

use std::io;
use std::path::{Path, PathBuf};

use aside_base::{Clock, Rng, SiteId};

pub use account::{Account, Role, Secrets};
pub use accounts::SitePlan;
pub(crate) use accounts::password;
pub use authority::{AuthorityError, Certificates, DESK_NAME, Leaf, VAULT_NAME, certificates};
pub use code_app::CodeApp;
pub use config::{Limits, Origins};
pub use folders::{Folders, write_private};
pub use ports::{Ports, TakenPort, local};
pub use program::{Launch, Program, ProgramError};
pub use programs::{MissingProgram, Programs};

/// The file of a house's accounts.
const PEOPLE: &str = "people.toml";

/// Why there is no house.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// A folder or file of the house.
    #[error("{path}: {error}", path = path.display())]
    Files {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The certificates of the zone link.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A port is held by another program.
    #[error("{0}")]
    Taken(TakenPort),
    /// A program's file is missing.
    #[error(transparent)]
    Missing(#[from] MissingProgram),
    /// A program does not run.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

impl HouseError {
    fn files(path: &Path, error: io::Error) -> Self {
        Self::Files { path: path.to_owned(), error }
    }
}

/// What a house is asked to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where it lives.
    pub folder: PathBuf,
    /// The programs' files.
    pub programs: Programs,
    /// Where it listens.
    pub ports: Ports,
    /// Its sites and people.
    pub sites: Vec<SitePlan>,
    /// Its limits.
    pub limits: Limits,
}

/// A house that is ready to start: everything is on disk, nothing runs.
#[derive(Debug, Clone)]
pub struct House {
    /// Its folders.
    pub folders: Folders,
    /// Where it listens.
    pub ports: Ports,
    /// The names by which browsers reach it.
    pub origins: Origins,
    /// Its people.
    pub accounts: Vec<Account>,
    /// The zone link's certificates.
    pub certificates: Certificates,
    desk: Launch,
    vault: Launch,
}

impl House {
    /// Makes or finds the house that `plan` describes. A taken port is refused before anything is written.
    ///
    /// # Errors
    /// When a port is taken, a file cannot be written, or the desk refuses an account.
    pub async fn prepare(plan: &Plan, clock: &dyn Clock, rng: &dyn Rng) -> Result<Self, HouseError> {
        if let Some(taken) = plan.ports.taken() {
            return Err(HouseError::Taken(taken));
        }
        let folders = Folders::open(&plan.folder).map_err(|error| HouseError::files(&plan.folder, error))?;
        let certificates = certificates(&folders.certificates(), clock)?;
        let sites: Vec<SiteId> = plan.sites.iter().map(|plan| plan.site.clone()).collect();
        let files = config::write(&folders, &certificates, &plan.ports, &sites, &plan.limits)
            .map_err(|error| HouseError::files(folders.root(), error))?;
        let accounts = accounts::accounts(
            &folders,
            &plan.programs.desk,
            &files.desk,
            &plan.sites,
            |site| Origins::of_brand(&plan.ports, site),
            rng,
        )
        .await?;
        let launch = |name, path: &Path, config, log| Launch {
            name,
            path: path.to_owned(),
            config,
            log: folders.logs().join(log),
        };
        Ok(Self {
            desk: launch("aside-desk", &plan.programs.desk, files.desk, "desk.log"),
            vault: launch("aside-vault", &plan.programs.vault, files.vault, "vault.log"),
            origins: Origins::of(&plan.ports),
            ports: plan.ports,
            folders,
            accounts,
            certificates,
        })
    }

    /// The error for accounts that cannot be kept.
    #[must_use]
    pub fn cannot_keep(&self, error: io::Error) -> HouseError {
        HouseError::files(&self.folders.file(PEOPLE), error)
    }

    /// How to start the desk.
    #[must_use]
    pub fn desk(&self) -> Launch {
        self.desk.clone()
    }

    /// How to start the vault.
    #[must_use]
    pub fn vault(&self) -> Launch {
        self.vault.clone()
    }

    /// Starts both programs and waits until both accept connections.
    ///
    /// # Errors
    /// When one does not start; the other is not left running.
    pub async fn start(&self) -> Result<Running, HouseError> {
        let (vault, desk) = tokio::try_join!(Program::start(self.vault()), Program::start(self.desk()))?;
        Ok(Running { desk, vault })
    }
}

/// Both programs of a house, running.
#[derive(Debug)]
pub struct Running {
    /// The desk.
    pub desk: Program,
    /// The vault.
    pub vault: Program,
}

impl Running {
    /// Waits until one of the two ends by itself, and says which, how, and what it logged last.
    pub async fn ended(&mut self) -> ProgramError {
        tokio::select! {
            error = self.desk.ended() => error,
            error = self.vault.ended() => error,
        }
    }

    /// Stops both, and says whether both ended cleanly. Both are asked before either is awaited, so that none is left
    /// behind when this program is itself cut short.
    ///
    /// # Errors
    /// When the system refuses a signal.
    pub async fn stop(self) -> Result<bool, ProgramError> {
        self.desk.ask_to_stop()?;
        self.vault.ask_to_stop()?;
        let (desk, vault) = tokio::join!(self.desk.stopped(), self.vault.stopped());
        Ok(desk? & vault?)
    }
}
