//! The token itself: a module that is loaded once, one session that is logged in, one key.

use std::path::PathBuf;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

/// The length of AES-GCM's tag, in bits.
const TAG_BITS: u64 = 128;

/// Which key of which token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPlan {
    /// The module: a shared library of whoever made the token.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label.
    pub key: String,
}

/// What went wrong at the token.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The PIN is wrong. Trying it again may lock the token.
    WrongPin,
    /// The token, the key or the module is not there or not what it should be.
    Away(String),
    /// The session is good, and the token says no to this value.
    Refused,
}

impl Trouble {
    fn away(error: &Error) -> Self {
        Self::Away(error.to_string())
    }
}

/// The token as far as it was reached.
#[derive(Default)]
pub(crate) struct Device {
    // Before the module: a session is closed while its module is there.
    session: Option<(Session, ObjectHandle)>,
    module: Option<Pkcs11>,
}

/// One call to the key.
pub(crate) enum Call<'a> {
    /// Seals with this nonce.
    Seal { nonce: [u8; 12], place: &'a [u8], clear: &'a [u8] },
    /// Opens.
    Open { nonce: [u8; 12], place: &'a [u8], sealed: &'a [u8] },
    /// Only looks whether it is there.
    Look,
}

impl Device {
    /// Makes a call. A session that was good before may have ended meanwhile: then once more with a new one.
    pub(crate) fn call(&mut self, plan: &KeyPlan, pin: &str, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let reused = self.session.is_some();
        match self.try_call(plan, pin, call) {
            Err(Trouble::Away(_)) if reused => {}
            Err(Trouble::Refused) if reused && !matches!(call, Call::Look) => {}
            done => return done,
        }
        // Modules look for their tokens when they are initialized.
        self.forget();
        self.try_call(plan, pin, call)
    }

    fn try_call(&mut self, plan: &KeyPlan, pin: &str, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        if self.session.is_none() {
            match self.open(plan, pin) {
                Ok(opened) => self.session = Some(opened),
                Err(trouble) => {
                    self.forget();
                    return Err(trouble);
                }
            }
        }
        // Cannot be missing: opened just above.
        let Some((session, key)) = &self.session else { return Err(Trouble::Away("no session".into())) };
        let done = match call {
            Call::Look => require_kept(session, *key).map(|()| Zeroizing::default()),
            Call::Seal { nonce, place, clear } => {
                let mut nonce = *nonce;
                let parameters =
                    GcmParams::new(&mut nonce, place, TAG_BITS.into()).map_err(|error| Trouble::away(&error))?;
                let sealed = session.encrypt(&Mechanism::AesGcm(parameters), *key, clear);
                sealed.map(Zeroizing::new).map_err(|error| Trouble::away(&error))
            }
            Call::Open { nonce, place, sealed } => {
                let mut nonce = *nonce;
                let parameters =
                    GcmParams::new(&mut nonce, place, TAG_BITS.into()).map_err(|error| Trouble::away(&error))?;
                let clear = session.decrypt(&Mechanism::AesGcm(parameters), *key, sealed);
                clear.map(Zeroizing::new).map_err(|error| refused_or_away(&error))
            }
        };
        if matches!(done, Err(Trouble::Away(_))) {
            self.session = None;
        }
        done
    }

    fn open(&mut self, plan: &KeyPlan, pin: &str) -> Result<(Session, ObjectHandle), Trouble> {
        let module = self.module(plan)?;
        let session = module.open_ro_session(token(&module, plan)?).map_err(|error| Trouble::away(&error))?;
        log_in(&session, pin)?;
        let key = only_key(&session, plan)?;
        require_kept(&session, key)?;
        Ok((session, key))
    }

    fn module(&mut self, plan: &KeyPlan) -> Result<Pkcs11, Trouble> {
        if let Some(module) = &self.module {
            return Ok(module.clone());
        }
        let module = loaded(plan)?;
        self.module = Some(module.clone());
        Ok(module)
    }

    fn forget(&mut self) {
        self.session = None;
        if let Some(module) = self.module.take() {
            // It is loaded anew anyway.
            let _ = module.finalize();
        }
    }
}

fn loaded(plan: &KeyPlan) -> Result<Pkcs11, Trouble> {
    let module = Pkcs11::new(&plan.module).map_err(|error| Trouble::away(&error))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // Another provider of this program has it open.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(module),
        Err(error) => Err(Trouble::away(&error)),
    }
}

fn token(module: &Pkcs11, plan: &KeyPlan) -> Result<Slot, Trouble> {
    let mut found = None;
    for slot in module.get_slots_with_token().map_err(|error| Trouble::away(&error))? {
        // One that does not say what it is, is not the one.
        let Ok(info) = module.get_token_info(slot) else { continue };
        if info.token_initialized() && info.label() == plan.token {
            if found.is_some() {
                return Err(Trouble::Away(format!("there are several tokens with the label {}", plan.token)));
            }
            found = Some(slot);
        }
    }
    found.ok_or_else(|| Trouble::Away(format!("there is no token with the label {}", plan.token)))
}

fn log_in(session: &Session, pin: &str) -> Result<(), Trouble> {
    match session.login(UserType::User, Some(&AuthPin::from(pin.to_owned()))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _)) => {
            Err(Trouble::WrongPin)
        }
        Err(error) => Err(Trouble::away(&error)),
    }
}

fn template(plan: &KeyPlan) -> [Attribute; 3] {
    [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(plan.key.as_bytes().to_vec()),
    ]
}

fn only_key(session: &Session, plan: &KeyPlan) -> Result<ObjectHandle, Trouble> {
    let found = session.find_objects(&template(plan)).map_err(|error| Trouble::away(&error))?;
    match found.as_slice() {
        [key] => Ok(*key),
        [] => Err(Trouble::Away(format!("the token has no AES key with the label {}", plan.key))),
        _ => Err(Trouble::Away(format!("the token has several AES keys with the label {}", plan.key))),
    }
}

/// A key that could be read out of the token is none of ours: whoever has the PIN would have the key.
fn require_kept(session: &Session, key: ObjectHandle) -> Result<(), Trouble> {
    let wanted = [AttributeType::Sensitive, AttributeType::Extractable, AttributeType::ValueLen];
    let attributes = session.get_attributes(key, &wanted).map_err(|error| Trouble::away(&error))?;
    let kept = attributes.contains(&Attribute::Sensitive(true)) && attributes.contains(&Attribute::Extractable(false));
    if !kept {
        return Err(Trouble::Away(
            "the key may be read out of the token: make one that is sensitive and not extractable".into(),
        ));
    }
    if !attributes.contains(&Attribute::ValueLen(32.into())) {
        return Err(Trouble::Away("the key is not of 256 bits".into()));
    }
    Ok(())
}

/// Tokens disagree on how they say that a value is not theirs, and some say only that something failed; what is surely about
/// the token itself is not about the value.
fn refused_or_away(error: &Error) -> Trouble {
    match error {
        Error::Pkcs11(
            RvError::DeviceError
            | RvError::DeviceMemory
            | RvError::DeviceRemoved
            | RvError::HostMemory
            | RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::SessionClosed
            | RvError::SessionHandleInvalid
            | RvError::CryptokiNotInitialized
            | RvError::UserNotLoggedIn
            | RvError::KeyHandleInvalid
            | RvError::ObjectHandleInvalid
            | RvError::MechanismInvalid
            | RvError::FunctionNotSupported
            | RvError::KeyFunctionNotPermitted,
            _,
        ) => Trouble::away(error),
        Error::Pkcs11(..) => Trouble::Refused,
        other => Trouble::away(other),
    }
}

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeKeyError {
    /// There is one with that label.
    #[error("the token {token} has a key with the label {key} already")]
    Exists {
        /// The token's label.
        token: String,
        /// The key's label.
        key: String,
    },
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    WrongPin,
    /// The token.
    #[error("the token cannot be used: {0}")]
    Away(String),
}

/// Makes the key of `plan` in its token: AES-256, sensitive, not extractable. It never leaves the token.
///
/// # Errors
/// [`MakeKeyError`]; nothing was made then.
pub fn make_key(plan: &KeyPlan, pin: &str) -> Result<(), MakeKeyError> {
    let said = |trouble| match trouble {
        Trouble::WrongPin => MakeKeyError::WrongPin,
        Trouble::Away(text) => MakeKeyError::Away(text),
        Trouble::Refused => MakeKeyError::Away("it refused".into()),
    };
    let away = |error: Error| MakeKeyError::Away(error.to_string());
    let module = loaded(plan).map_err(said)?;
    let session = module.open_rw_session(token(&module, plan).map_err(said)?).map_err(away)?;
    log_in(&session, pin).map_err(said)?;
    if !session.find_objects(&template(plan)).map_err(away)?.is_empty() {
        return Err(MakeKeyError::Exists { token: plan.token.clone(), key: plan.key.clone() });
    }
    let template = [
        Attribute::Label(plan.key.as_bytes().to_vec()),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen(32.into()),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &template).map_err(away)?;
    Ok(())
}
