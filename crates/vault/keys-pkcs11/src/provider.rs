//! The provider: who may call the token, with which PIN, and for how long it is waited for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aside_base::Rng;
use aside_vault_keys::{
    CredentialError, KeyError, KeyProvider, ProviderError, ProviderKind, UnsealError, bound_place, read_credential,
};
use async_trait::async_trait;
use tokio::sync::Semaphore;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::KeyPlan;
use crate::device::{Call, Device, Trouble};

/// The format that is written: a format number, a nonce, what the token sealed.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
/// How long a call is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A key in a token.
pub struct Pkcs11Provider {
    name: String,
    plan: KeyPlan,
    database: Uuid,
    credential: Option<PathBuf>,
    pins: Arc<Mutex<Pins>>,
    device: Arc<Mutex<Device>>,
    /// One call at a time: a token that hangs holds one thread, not all.
    turn: Arc<Semaphore>,
}

/// The PIN that is known, and the last one that was wrong: a token locks itself after a few of those.
#[derive(Default)]
struct Pins {
    good: Option<Zeroizing<String>>,
    wrong: Option<Zeroizing<String>>,
}

/// What is asked of the token, with all that it needs, for another thread.
enum Ask {
    Seal { nonce: [u8; NONCE], place: Vec<u8>, clear: Zeroizing<Vec<u8>> },
    Open { nonce: [u8; NONCE], place: Vec<u8>, sealed: Vec<u8> },
    Look,
}

impl Pkcs11Provider {
    /// The key of `plan`, for the vault with this `database`. The PIN is read from `credential`, or typed by an operator: until
    /// then the provider is sealed. Nothing is loaded yet.
    #[must_use]
    pub fn new(plan: KeyPlan, database: Uuid, credential: Option<PathBuf>) -> Self {
        let name = format!("pkcs11:{}/{}", plan.token, plan.key);
        let (pins, device) = (Arc::default(), Arc::default());
        Self { name, plan, database, credential, pins, device, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The PIN to try: the one that was good, else the operating system's, unless that was wrong before.
    fn pin(&self) -> Result<Zeroizing<String>, ProviderError> {
        let pins = self.pins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(good) = &pins.good {
            return Ok(good.clone());
        }
        let Some(path) = &self.credential else { return Err(ProviderError::Sealed) };
        match read_credential(path) {
            Ok(pin) if pins.wrong.as_ref() == Some(&pin) => {
                Err(ProviderError::Unreachable(format!("the PIN in {} is wrong", path.display())))
            }
            Ok(pin) => Ok(pin),
            Err(CredentialError::Missing(_)) => Err(ProviderError::Sealed),
            Err(error) => Err(ProviderError::Unreachable(error.to_string())),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let pin = self.pin()?;
        self.ask_with(ask, pin).await
    }

    async fn ask_with(&self, ask: Ask, pin: Zeroizing<String>) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let late = |_| ProviderError::Unreachable(format!("the token did not answer for {} s", PATIENCE.as_secs()));
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await.map_err(late)?;
        let turn = turn.map_err(|error| ProviderError::Unreachable(error.to_string()))?;
        let (device, pins, plan) = (Arc::clone(&self.device), Arc::clone(&self.pins), self.plan.clone());
        let called = tokio::task::spawn_blocking(move || {
            // Held as long as the call takes, also when nobody waits any more.
            let _turn = turn;
            let call = match &ask {
                Ask::Seal { nonce, place, clear } => Call::Seal { nonce: *nonce, place, clear },
                Ask::Open { nonce, place, sealed } => Call::Open { nonce: *nonce, place, sealed },
                Ask::Look => Call::Look,
            };
            let done = device.lock().unwrap_or_else(PoisonError::into_inner).call(&plan, &pin, &call);
            let mut pins = pins.lock().unwrap_or_else(PoisonError::into_inner);
            match &done {
                Ok(_) => pins.good = Some(pin),
                Err(Trouble::WrongPin) => *pins = Pins { good: None, wrong: Some(pin) },
                Err(Trouble::Away(_) | Trouble::Refused) => {}
            }
            done
        });
        let done = tokio::time::timeout(PATIENCE, called).await.map_err(late)?;
        match done.map_err(|error| ProviderError::Unreachable(error.to_string()))? {
            Ok(bytes) => Ok(bytes),
            Err(Trouble::Refused) => Err(KeyError.into()),
            Err(Trouble::WrongPin) => Err(ProviderError::Unreachable("the token refuses the PIN".into())),
            Err(Trouble::Away(text)) => Err(ProviderError::Unreachable(text)),
        }
    }
}

#[async_trait]
impl KeyProvider for Pkcs11Provider {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Pkcs11
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, ProviderError> {
        let nonce: [u8; NONCE] = rng.bytes();
        let (place, clear) = (bound_place(self.database, place), Zeroizing::new(clear.to_vec()));
        let sealed = self.ask(Ask::Seal { nonce, place, clear }).await?;
        let mut whole = Vec::with_capacity(1 + NONCE + sealed.len());
        whole.push(FORMAT);
        whole.extend_from_slice(&nonce);
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    async fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let Some((&[FORMAT], rest)) = sealed.split_first_chunk::<1>() else { return Err(KeyError.into()) };
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(KeyError)?;
        let place = bound_place(self.database, place);
        self.ask(Ask::Open { nonce: *nonce, place, sealed: sealed.to_vec() }).await
    }

    async fn check(&self) -> Result<(), ProviderError> {
        self.ask(Ask::Look).await.map(drop)
    }

    async fn unseal(&self, passphrase: Zeroizing<String>) -> Result<(), UnsealError> {
        if self.pins.lock().unwrap_or_else(PoisonError::into_inner).good.is_some() {
            return Err(UnsealError::AlreadyOpen);
        }
        let typed = passphrase.clone();
        match self.ask_with(Ask::Look, passphrase).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let wrong = self.pins.lock().unwrap_or_else(PoisonError::into_inner).wrong.as_ref() == Some(&typed);
                Err(if wrong { UnsealError::Wrong } else { UnsealError::Failed(error.to_string()) })
            }
        }
    }
}
