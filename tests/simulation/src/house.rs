//! Desk and vault on one clock, each with its own database in its own folder, and what it takes to kill and restart them.

use std::error::Error;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use aside_base::{AgentId, Clock, ManualClock, ProfileId, Rng, SeededRng, SiteId, Timestamp};
use aside_desk_domain::{Agent, By, PasswordHash, Permission, Permissions, Profile, Role, Site};
use aside_desk_http::link::Link;
use aside_desk_http::password::Cost;
use aside_desk_http::{Desk, Settings, router};
use aside_desk_store::{Accounts as _, NewAgent, People as _};
use aside_desk_store_sqlite::SqliteStore as DeskStore;
use aside_form::out_of_the_box;
use aside_local_key::LocalKey;
use aside_vault_http::operator::{self, User};
use aside_vault_http::{Desks, Outlook, Parts, Vault, public_router, zone_router};
use aside_vault_keys::{KeyFile, KeyFilePlan};
use aside_vault_memory::{Lock, OffTheRecord, Room};
use aside_vault_pages::Pages;
use aside_vault_store_sqlite::SqliteStore as VaultStore;
use aside_wire::{Clocks, Keeping, Reopen};
use axum::{Extension, Router};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{Browser, Reply};
use crate::link::Between;

pub(crate) const DESK: &str = "http://desk.localhost:8080";
pub(crate) const CHAT: &str = "http://chat.localhost:8080";
pub(crate) const VAULT: &str = "http://vault.localhost:8081";
/// Everybody's.
pub(crate) const PASSWORD: &str = "violet harbour 7 lamps";
/// The agents of the one site.
pub(crate) const AGENTS: [&str; 2] = ["dana", "kim"];
/// Who looks back, takes along and erases, and sends no forms; and the place behind the agents.
pub(crate) const MANAGER: &str = "mara";
pub(crate) const MANAGERS_PLACE: usize = AGENTS.len();
/// Who manages the people, and never comes.
const ADMIN: &str = "ada";
/// What the vault's keys are sealed under.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

const START: Timestamp = Timestamp(1_800_000_000_000);
/// Cheap: what a password costs is measured elsewhere.
const COST: Cost = Cost { memory: 64, passes: 1 };
/// Nobody is to be slowed down here.
const PLENTY: NonZeroU32 = NonZeroU32::MAX;
/// How long what is off the record lives.
pub(crate) const OFF_THE_RECORD: Duration = Duration::from_secs(600);

pub(crate) type Failure = Box<dyn Error>;

/// How the one site is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// What leaving a form means.
    pub reopen: Reopen,
    /// How many days answers are kept; 0: until the conversation closes.
    pub keep_days: u16,
}

/// The vault while it runs.
pub(crate) struct VaultZone {
    /// Whether its keys wait for their passphrase since it was started.
    pub(crate) sealed: bool,
    pub(crate) vault: Arc<Vault>,
    pub(crate) store: Arc<VaultStore>,
    pub(crate) public: Router,
    pub(crate) operator: Router,
}

/// The desk while it runs.
pub(crate) struct DeskZone {
    pub(crate) desk: Arc<Desk>,
    pub(crate) store: DeskStore,
    pub(crate) router: Router,
}

/// Both zones.
pub(crate) struct House {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) between: Between,
    pub(crate) vault: VaultZone,
    pub(crate) desk: DeskZone,
    link: Arc<Link>,
    local_key: LocalKey,
    pub(crate) setting: Setting,
    /// Another program's key of the vault's API.
    pub(crate) api_key: String,
    seed: u64,
    folder: TempDir,
}

pub(crate) fn northwind() -> SiteId {
    // Cannot fail: a site's name as the grammar has it.
    "northwind".parse().unwrap_or_else(|_| unreachable!())
}

impl House {
    pub(crate) async fn build(setting: Setting) -> Result<Self, Failure> {
        let folder = folder()?;
        let clock = Arc::new(ManualClock::at(START));
        let (between, address, tls) = Between::string().await?;
        let link = Arc::new(Link::new(&address, tls)?);
        let rng = SeededRng::new(7);
        let local_key = LocalKey::generate(&rng);
        let mut vault = start_vault(folder.path(), &clock, 1).await?;
        let unsealed = operate(&vault, "/v1/keys/unseal", json!({ "passphrase": PASSPHRASE })).await;
        vault.sealed = !unsealed.is_done();
        let desk = start_desk(folder.path(), &clock, &link, &local_key, 2)?;
        settle(&desk.store, setting, &rng).await?;
        let api_key = String::new();
        let mut house = Self { clock, between, vault, desk, link, local_key, setting, api_key, seed: 2, folder };
        house.connect();
        house.make_api_key().await?;
        Ok(house)
    }

    /// Once the desk has published its site: a key for whatever the vault's API reads.
    async fn make_api_key(&mut self) -> Result<(), Failure> {
        self.desk.desk.turn().await?;
        let wanted = json!({
            "site": northwind(), "name": "Payments", "scopes": ["detokenise", "describe"],
            "kinds": ["card_number", "expiry", "text", "note"], "networks": ["192.0.2.0/24"], "per_minute": 10_000, "days": 365,
        });
        let made = operate(&self.vault, "/v1/api-keys", wanted).await;
        let key = made.json()["key"].as_str().map(str::to_owned);
        self.api_key = key.ok_or_else(|| format!("no key for the vault's API was made: {}", made.text))?;
        Ok(())
    }

    fn connect(&self) {
        self.between.connect(Some((zone_router(Arc::clone(&self.vault.vault)), registration())));
    }

    /// Kills the vault, and starts it from what is on disk.
    pub(crate) async fn restart_vault(&mut self) -> Result<(), Failure> {
        self.between.connect(None);
        self.seed += 1;
        self.vault = start_vault(self.folder.path(), &self.clock, self.seed).await?;
        self.connect();
        Ok(())
    }

    /// Kills the desk, and starts it from what is on disk.
    pub(crate) fn restart_desk(&mut self) -> Result<(), Failure> {
        self.seed += 1;
        self.desk = start_desk(self.folder.path(), &self.clock, &self.link, &self.local_key, self.seed)?;
        Ok(())
    }

    pub(crate) fn desk_files(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    pub(crate) fn vault_files(&self) -> PathBuf {
        self.folder.path().join("vault")
    }
}

/// In memory where the system has such a place: a crash here is a program's, never a machine's.
fn folder() -> Result<TempDir, Failure> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { TempDir::new_in(memory)? } else { TempDir::new()? })
}

fn registration() -> aside_vault_http::Desk {
    aside_vault_http::Desk {
        name: "desk".to_owned(),
        sites: vec![northwind()],
        // Cannot fail: origins as the grammar has them.
        desk_origin: DESK.parse().unwrap_or_else(|_| unreachable!()),
        chat_origin: CHAT.parse().unwrap_or_else(|_| unreachable!()),
        history: true,
    }
}

async fn start_vault(folder: &Path, clock: &Arc<ManualClock>, seed: u64) -> Result<VaultZone, Failure> {
    let folder = folder.join("vault");
    std::fs::create_dir_all(&folder)?;
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(1_000 + seed));
    let store = VaultStore::open(&folder.join("vault.sqlite"), rng.as_ref())?;
    let plain = KeyFilePlan::plain(&folder.join("key"), store.database(), store.fresh());
    let keys = KeyFile::with(KeyFilePlan { passphrase: true, ..plain }, Arc::clone(&rng))?;
    let store = Arc::new(store);
    let vault = Vault::new(Parts {
        store: Arc::clone(&store) as Arc<dyn aside_vault_store::Store>,
        key_provider: Arc::new(keys),
        former_key_providers: Vec::new(),
        memory: OffTheRecord::new(Room::obtain(200, Lock::MemfdSecret)?, OFF_THE_RECORD, rng.as_ref())?,
        pages: Pages::new()?,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        rng,
        origin: VAULT.parse()?,
        desks: Desks::new(vec![registration()])?,
        public_posts_per_minute: PLENTY,
        view_key_seconds: 10,
        outlook: Outlook::default(),
    });
    vault.note_restart().await?;
    vault.check_keys().await;
    Ok(VaultZone {
        sealed: true,
        public: public_router(&vault),
        operator: operator::router(Arc::clone(&vault)).layer(Extension(User(0))),
        vault,
        store,
    })
}

fn start_desk(
    folder: &Path,
    clock: &Arc<ManualClock>,
    link: &Arc<Link>,
    local_key: &LocalKey,
    seed: u64,
) -> Result<DeskZone, Failure> {
    let folder = folder.join("desk");
    std::fs::create_dir_all(&folder)?;
    let store = DeskStore::open(&folder.join("desk.sqlite"))?;
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(2_000 + seed));
    let settings = Settings {
        desk_origin: DESK.parse()?,
        chat_origin: CHAT.parse()?,
        vault_origin: VAULT.parse()?,
        logins_per_minute: PLENTY,
        messages_per_minute: PLENTY,
        password_cost: COST,
    };
    let (all, clock): (Arc<DeskStore>, Arc<dyn Clock>) = (Arc::new(store.clone()), Arc::clone(clock) as Arc<dyn Clock>);
    let forms = out_of_the_box().map_err(|error| format!("{error:?}"))?;
    let desk = Desk::new(all, Arc::clone(link), clock, rng, local_key, forms, settings)?;
    let desk = Arc::new(desk);
    Ok(DeskZone { router: router(&desk), desk, store })
}

/// The site and its people.
async fn settle(store: &DeskStore, setting: Setting, rng: &SeededRng) -> Result<(), Failure> {
    let site = Site {
        id: northwind(),
        brand: "Northwind".to_owned(),
        origins: vec!["http://northwind.localhost:8082".parse()?],
        privacy_url: None,
        contact_url: None,
        clocks: Clocks::default(),
        keeping: Keeping { days: setting.keep_days },
        reopen: setting.reopen,
    };
    store.create_site(site, START).await?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(COST.memory, COST.passes, 1, None)?);
    let hash: phc::PasswordHash = argon.hash_password_with_salt(PASSWORD.as_bytes(), &[12; 16])?;
    for name in AGENTS.into_iter().chain([ADMIN, MANAGER]) {
        let agent = Agent {
            id: AgentId::generate(START, rng),
            site: northwind(),
            name: name.parse()?,
            display_name: name.parse()?,
        };
        let password = PasswordHash::from_phc(hash.to_string());
        let role = if AGENTS.contains(&name) { Role::Agent } else { Role::Admin };
        let id = agent.id;
        store.create_agent(NewAgent { agent, password, role, first_password: false }, START).await?;
        if name == MANAGER {
            let (profile, by) = (looks_back(rng)?, By::operator(START));
            store.create_profile(profile.clone(), by).await?;
            store.set_profile(&profile.site, id, profile.id, by).await?;
        }
    }
    Ok(())
}

/// Everything about what is stored, and nothing about forms.
fn looks_back(rng: &SeededRng) -> Result<Profile, Failure> {
    let permissions =
        [Permission::ViewHistoryAnswers, Permission::RevealCardNumbers, Permission::Export, Permission::EraseData];
    Ok(Profile {
        id: ProfileId::generate(START, rng),
        site: northwind(),
        role: Role::Admin,
        name: "Looks back".parse()?,
        permissions: Permissions::of(&permissions),
    })
}

/// What the vault's operator types.
pub(crate) async fn operate(vault: &VaultZone, path: &str, body: Value) -> Reply {
    Browser::default().call(&vault.operator, VAULT, path, body).await
}
