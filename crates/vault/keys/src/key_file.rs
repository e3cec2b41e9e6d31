//! The local key file: the embedded default of a key provider. Plain, or under a passphrase: then it is sealed until somebody
//! types it or the operating system hands it over.
//!
//! Never part of a database backup: whoever has both has everything.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aside_base::Rng;
use aside_local_key::secret_file::{self, SecretFileError};
use async_trait::async_trait;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::passphrase::{SHORTEST, UnderPassphrase};
use crate::place::place;
use crate::seal::Key;
use crate::{CredentialError, KeyError, KeyProvider, ProviderError, ProviderKind, UnsealError, read_credential};

const NAME: &str = "vault.key";
const PLAIN: &str = "aside vault key 1";
const UNDER_PASSPHRASE: &str = "aside vault key 2";

/// Why the vault has no key to work with. Each is a refusal to start.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The database has sealed answers, but its key file is not there.
    #[error(
        "the key file {0} is missing, and the database was sealed with it: put it back, or start with an empty data folder"
    )]
    Missing(PathBuf),
    /// The key file belongs to another database.
    #[error("the key file {0} belongs to another database: put the right one in its place")]
    OfAnotherDatabase(PathBuf),
    /// The file is not a key file of a known format.
    #[error("{0} is not a key file that this version can read")]
    Unreadable(PathBuf),
    /// It should be under a passphrase and is not.
    #[error("the key file {0} has no passphrase: set one with `aside-vault keys passphrase`")]
    NoPassphrase(PathBuf),
    /// The passphrase that was given does not open it, or is too easy to guess.
    #[error(transparent)]
    Passphrase(#[from] UnsealError),
    /// The file itself, or its folder.
    #[error(transparent)]
    File(#[from] SecretFileError),
}

/// Which key file is to be opened, and how.
#[derive(Debug, Clone)]
pub struct KeyFilePlan {
    /// Its folder, which holds nothing but keys.
    pub folder: PathBuf,
    /// Its name in the folder; `vault.key` where nothing else is said.
    pub file: String,
    /// The database that it belongs to.
    pub database: Uuid,
    /// Whether a file that is not there may be made: nothing may depend on a lost one.
    pub may_create: bool,
    /// Whether it must be under a passphrase.
    pub passphrase: bool,
    /// Where the operating system puts the passphrase.
    pub credential: Option<PathBuf>,
}

impl KeyFilePlan {
    /// The plain file of `database` in `folder`.
    #[must_use]
    pub fn plain(folder: &Path, database: Uuid, may_create: bool) -> Self {
        let (folder, file) = (folder.to_owned(), NAME.to_owned());
        Self { folder, file, database, may_create, passphrase: false, credential: None }
    }
}

/// How far the key is at hand.
enum State {
    Open(Key),
    Sealed(UnderPassphrase),
    /// Made, but written only once there is a passphrase: nothing was sealed with it.
    Unwritten(Key),
}

/// The provider key, read from its file.
pub struct KeyFile {
    name: String,
    plan: KeyFilePlan,
    state: Arc<RwLock<State>>,
    rng: Arc<dyn Rng>,
}

impl KeyFile {
    /// Opens the plain key file of `database` in `folder`. When the database is `fresh` and there is no file yet, makes one and
    /// syncs it before anything can be sealed with it.
    ///
    /// # Errors
    /// [`KeyFileError`], never a key that might be wrong.
    pub fn open_or_create(folder: &Path, database: Uuid, fresh: bool, rng: Arc<dyn Rng>) -> Result<Self, KeyFileError> {
        Self::with(KeyFilePlan::plain(folder, database, fresh), rng)
    }

    /// Opens or makes a key file by plan. One under a passphrase is sealed at first.
    ///
    /// # Errors
    /// [`KeyFileError`], never a key that might be wrong.
    pub fn with(plan: KeyFilePlan, rng: Arc<dyn Rng>) -> Result<Self, KeyFileError> {
        let (name, state) = match Stored::read(&plan)? {
            Some(Stored::Plain(_)) if plan.passphrase => return Err(KeyFileError::NoPassphrase(plan.path())),
            Some(Stored::Plain(key)) => (name_of(&key), State::Open(key)),
            Some(Stored::UnderPassphrase { name, sealed }) => (name, State::Sealed(sealed)),
            None if !plan.may_create => return Err(KeyFileError::Missing(plan.path())),
            None => {
                let key = Key::generate(rng.as_ref());
                let name = name_of(&key);
                if plan.passphrase {
                    (name, State::Unwritten(key))
                } else {
                    secret_file::create(&plan.folder, &plan.file, &plain_text(plan.database, &key))?;
                    (name, State::Open(key))
                }
            }
        };
        Ok(Self { name, plan, state: Arc::new(RwLock::new(state)), rng })
    }

    fn unseal_with(
        plan: &KeyFilePlan,
        name: &str,
        state: &RwLock<State>,
        typed: &str,
        rng: &dyn Rng,
    ) -> Result<(), UnsealError> {
        let owner = owner(plan.database, name);
        let mut state = state.write().unwrap_or_else(PoisonError::into_inner);
        let key = match &*state {
            State::Open(_) => return Err(UnsealError::AlreadyOpen),
            State::Sealed(sealed) => sealed.open(&owner, typed).map_err(|_| UnsealError::Wrong)?,
            State::Unwritten(key) => {
                let text = sealed_text(plan.database, key, typed, rng)?;
                secret_file::create(&plan.folder, &plan.file, &text)
                    .map_err(|error| UnsealError::Failed(error.to_string()))?;
                Key::from_bytes(key.bytes()).map_err(|error| UnsealError::Failed(error.to_string()))?
            }
        };
        if name_of(&key) != name {
            return Err(UnsealError::Wrong);
        }
        *state = State::Open(key);
        Ok(())
    }

    /// Unseals on a thread that may take its time.
    async fn unseal_apart(&self, typed: Zeroizing<String>) -> Result<(), UnsealError> {
        let (plan, name) = (self.plan.clone(), self.name.clone());
        let (state, rng) = (Arc::clone(&self.state), Arc::clone(&self.rng));
        let done = tokio::task::spawn_blocking(move || Self::unseal_with(&plan, &name, &state, &typed, rng.as_ref()));
        done.await.map_err(|error| UnsealError::Failed(error.to_string()))?
    }

    /// Runs `with` on the key, if it is open.
    fn key<T>(&self, with: impl FnOnce(&Key) -> Result<T, KeyError>) -> Result<T, ProviderError> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(key) => Ok(with(key)?),
            State::Sealed(_) | State::Unwritten(_) => Err(ProviderError::Sealed),
        }
    }

    fn bound(&self, inner: &[u8]) -> Vec<u8> {
        place("key file", &[self.plan.database.as_bytes(), inner])
    }
}

/// Puts the key file of `plan` under `new`, or takes another passphrase's place when it has one, `former`. The key itself stays:
/// everything that it sealed opens. Works on the file alone; a vault that serves goes on.
///
/// # Errors
/// [`KeyFileError`]; the file is unchanged then.
pub fn set_passphrase(plan: &KeyFilePlan, former: Option<&str>, new: &str, rng: &dyn Rng) -> Result<(), KeyFileError> {
    let key = match Stored::read(plan)? {
        None => return Err(KeyFileError::Missing(plan.path())),
        Some(Stored::Plain(key)) => key,
        Some(Stored::UnderPassphrase { name, sealed }) => {
            let typed = former.ok_or(UnsealError::Wrong)?;
            sealed.open(&owner(plan.database, &name), typed).map_err(|_| UnsealError::Wrong)?
        }
    };
    let text = sealed_text(plan.database, &key, new, rng)?;
    Ok(secret_file::create(&plan.folder, &plan.file, &text)?)
}

/// Whether the key file of `plan` is under a passphrase; none when it is not there.
///
/// # Errors
/// [`KeyFileError`] for one that cannot be read.
pub fn has_passphrase(plan: &KeyFilePlan) -> Result<Option<bool>, KeyFileError> {
    Ok(Stored::read(plan)?.map(|stored| matches!(stored, Stored::UnderPassphrase { .. })))
}

impl KeyFilePlan {
    fn path(&self) -> PathBuf {
        self.folder.join(&self.file)
    }
}

/// A key file as it was read.
enum Stored {
    Plain(Key),
    UnderPassphrase { name: String, sealed: UnderPassphrase },
}

impl Stored {
    fn read(plan: &KeyFilePlan) -> Result<Option<Self>, KeyFileError> {
        let Some(text) = secret_file::read(&plan.folder, &plan.file)? else { return Ok(None) };
        let unreadable = || KeyFileError::Unreadable(plan.path());
        let mut lines = text.lines();
        let heading = lines.next();
        let of = lines.next().and_then(|line| line.parse::<Uuid>().ok()).ok_or_else(unreadable)?;
        let stored = match heading {
            Some(PLAIN) => {
                let mut bytes = Zeroizing::new([0; 32]);
                let length = lines.next().and_then(|line| STANDARD.decode_slice(line, bytes.as_mut()).ok());
                let key = (length == Some(32)).then(|| Key::from_bytes(bytes.as_ref()).ok()).flatten();
                key.map(Self::Plain)
            }
            Some(UNDER_PASSPHRASE) => {
                let name = lines.next().map(str::to_owned);
                let sealed =
                    lines.next().zip(lines.next()).and_then(|(how, sealed)| UnderPassphrase::parse(how, sealed));
                name.zip(sealed).map(|(name, sealed)| Self::UnderPassphrase { name, sealed })
            }
            _ => None,
        };
        let stored = stored.ok_or_else(unreadable)?;
        if of != plan.database {
            return Err(KeyFileError::OfAnotherDatabase(plan.path()));
        }
        Ok(Some(stored))
    }
}

/// Which key it is, and nothing about it.
fn name_of(key: &Key) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.bytes()), b"aside key file name");
    let hex: String = tag.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("file:{hex}")
}

fn owner(database: Uuid, name: &str) -> Vec<u8> {
    place("key file", &[database.as_bytes(), name.as_bytes()])
}

fn plain_text(database: Uuid, key: &Key) -> Zeroizing<String> {
    let encoded = Zeroizing::new(STANDARD.encode(key.bytes()));
    Zeroizing::new(format!("{PLAIN}\n{database}\n{}\n", encoded.as_str()))
}

fn sealed_text(database: Uuid, key: &Key, passphrase: &str, rng: &dyn Rng) -> Result<String, UnsealError> {
    if passphrase.chars().count() < SHORTEST {
        return Err(UnsealError::TooShort(SHORTEST));
    }
    let name = name_of(key);
    let sealed = UnderPassphrase::seal(key, &owner(database, &name), passphrase, rng)
        .map_err(|error| UnsealError::Failed(error.to_string()))?;
    Ok(format!("{UNDER_PASSPHRASE}\n{database}\n{name}\n{}\n", sealed.to_lines()))
}

#[async_trait]
impl KeyProvider for KeyFile {
    fn kind(&self) -> ProviderKind {
        ProviderKind::File
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, ProviderError> {
        self.key(|key| key.seal(&self.bound(place), clear, rng))
    }

    async fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        self.key(|key| key.open(&self.bound(place), sealed))
    }

    async fn check(&self) -> Result<(), ProviderError> {
        let sealed = match self.key(|_| Ok(())) {
            Err(sealed) => sealed,
            open => return open,
        };
        let Some(path) = &self.plan.credential else { return Err(sealed) };
        match read_credential(path) {
            Ok(typed) => match self.unseal_apart(typed).await {
                Ok(()) | Err(UnsealError::AlreadyOpen) => Ok(()),
                Err(error) => Err(ProviderError::Unreachable(format!("{}: {error}", path.display()))),
            },
            Err(CredentialError::Missing(_)) => Err(sealed),
            Err(error) => Err(ProviderError::Unreachable(error.to_string())),
        }
    }

    async fn unseal(&self, passphrase: Zeroizing<String>) -> Result<(), UnsealError> {
        self.unseal_apart(passphrase).await
    }
}
