//! Where the topmost key lives: a key file here, an HSM or a cloud's key service elsewhere. Chosen when the program starts.

use aside_base::Rng;
use async_trait::async_trait;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::KeyError;

/// Which kind of provider it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// A file of this machine.
    File,
    /// A hardware security module, by PKCS#11.
    Pkcs11,
    /// A cloud's key service.
    Kms,
}

impl ProviderKind {
    /// The kind's name, as configured and reported.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Pkcs11 => "pkcs11",
            Self::Kms => "kms",
        }
    }
}

/// Why a provider did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It waits for its passphrase.
    #[error("the key provider is sealed")]
    Sealed,
    /// It does not answer, or says that it cannot now. The text is private: for the log, never for a client.
    #[error("the key provider cannot be reached: {0}")]
    Unreachable(String),
    /// It answered, and the value is none of this key's or of this place's.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why a passphrase did not unseal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// There is nothing to unseal: the provider needs no passphrase.
    #[error("this key provider is not unsealed with a passphrase")]
    NotByPassphrase,
    /// It is open already; nothing was checked.
    #[error("it is unsealed already")]
    AlreadyOpen,
    /// It does not open the key.
    #[error("the passphrase is wrong")]
    Wrong,
    /// A new key was to be made with a passphrase that is too easy to guess.
    #[error("the passphrase must have at least {0} characters")]
    TooShort(usize),
    /// The provider itself. The text is private.
    #[error("the key provider cannot be unsealed: {0}")]
    Failed(String),
}

/// `place`, for the vault with this `database` alone: a key of a module or a cloud may serve several vaults.
#[must_use]
pub fn bound_place(database: Uuid, place: &[u8]) -> Vec<u8> {
    crate::place::place("key provider", &[database.as_bytes(), place])
}

/// Seals site keys under a key that it never gives away. None of its calls blocks the thread it is called on.
#[async_trait]
pub trait KeyProvider: Send + Sync {
    /// What kind it is.
    fn kind(&self) -> ProviderKind;

    /// Which key it is: kept beside what it seals, to find the right one of several. Known also while it is sealed.
    fn name(&self) -> &str;

    /// Seals `clear`, at most 4096 bytes, for `place`.
    ///
    /// # Errors
    /// [`ProviderError`] when the provider cannot.
    async fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, ProviderError>;

    /// Opens what [`KeyProvider::seal`] made for the same place.
    ///
    /// # Errors
    /// [`ProviderError::Key`] for another place, another provider, or a changed value.
    async fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError>;

    /// Whether it can be used now. A sealed one that finds its passphrase by itself (the operating system's credential)
    /// unseals here.
    ///
    /// # Errors
    /// [`ProviderError`] says what is missing.
    async fn check(&self) -> Result<(), ProviderError>;

    /// Unseals it with what an operator typed.
    ///
    /// # Errors
    /// [`UnsealError`]; it stays sealed then.
    async fn unseal(&self, passphrase: Zeroizing<String>) -> Result<(), UnsealError>;
}
