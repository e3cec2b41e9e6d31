//! Answers sealed in the visitor's browser to a key of this process (HPKE, RFC 9180), so that no buffer between the browser
//! and the locked memory they are opened in ever holds them in clear: no proxy's, no TLS library's, not our own.
//!
//! Base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. What is sealed says nothing of who sealed it; that is the
//! `submit` key's to say, which is part of what it is bound to: a sealed form opens for its invitation and its key alone.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::{InvitationId, OneTimeKey, Origin, Rng, Timestamp};
use aside_vault_memory::{Room, Slot};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::{AeadTag, AesGcm256};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, Serializable as _, setup_receiver};
use zeroize::Zeroizing;

/// How long a key pair is offered, in seconds; so long again it still opens.
const OFFERED_SECONDS: u32 = 86_400;
/// A public key and what a sealed form begins with: an uncompressed point.
const POINT: usize = 65;
const PRIVATE: usize = 32;
const TAG: usize = 16;
/// What is sealed, and for which version of the form.
const WHAT: &str = "aside form 1";

type Private = <DhP256HkdfSha256 as Kem>::PrivateKey;
type Encapped = <DhP256HkdfSha256 as Kem>::EncappedKey;

/// Why a sealed form was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// The key is not known here any more: the vault was started anew, or the key is too old.
    UnknownKey,
    /// It was not sealed to this key, for this invitation, under this `submit` key, at this vault.
    Garbage,
}

/// A key to seal to, as the browser's script gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offered {
    /// Its name.
    pub(crate) id: String,
    /// The point, as base64url.
    pub(crate) key: String,
}

struct Pair {
    offered: Offered,
    /// In locked memory; only while something is opened is there a copy, which wipes itself.
    private: Slot,
    since: Timestamp,
}

/// The process's key pairs: the one that is offered, and the one that was before.
#[derive(Default)]
pub(crate) struct SealingKeys(Mutex<Pairs>);

#[derive(Default)]
struct Pairs {
    current: Option<Pair>,
    former: Option<Pair>,
}

impl SealingKeys {
    /// The key to seal to; made now if there is none or it has been offered for a day. `None`: there is no locked memory left
    /// for one, and forms come as they are.
    pub(crate) fn offer(&self, room: &Room, rng: &dyn Rng, now: Timestamp) -> Option<Offered> {
        let mut pairs = self.pairs();
        pairs.turn_over(now);
        if pairs.current.is_none() {
            pairs.current = Some(Pair::generate(room.key()?, rng, now));
        }
        pairs.current.as_ref().map(|pair| pair.offered.clone())
    }

    /// Opens, where it lies, what was sealed for this form: an encapsulated key, the sealed bytes, their tag. Answers the clear
    /// bytes.
    pub(crate) fn open<'s>(
        &self,
        key: &str,
        place: &Place<'_>,
        sealed: &'s mut [u8],
        now: Timestamp,
    ) -> Result<&'s [u8], Unopened> {
        let private = {
            let mut pairs = self.pairs();
            pairs.turn_over(now);
            let known = [&pairs.current, &pairs.former].into_iter().flatten().find(|pair| pair.offered.id == key);
            Private::from_bytes(&known.ok_or(Unopened::UnknownKey)?.private[..PRIVATE])
                .map_err(|_| Unopened::Garbage)?
        };
        let (point, rest) = sealed.split_at_mut_checked(POINT).ok_or(Unopened::Garbage)?;
        let (bytes, tag) = rest
            .len()
            .checked_sub(TAG)
            .and_then(|length| rest.split_at_mut_checked(length))
            .ok_or(Unopened::Garbage)?;
        let garbage = |_| Unopened::Garbage;
        let encapped = Encapped::from_bytes(point).map_err(garbage)?;
        let tag = AeadTag::<AesGcm256>::from_bytes(tag).map_err(garbage)?;
        let info = place.info(key);
        let opened =
            setup_receiver::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(&OpModeR::Base, &private, &encapped, &info)
                .and_then(|mut receiver| {
                    receiver.open_inout_detached(InOutBuf::from(&mut *bytes), &place.bound_to(), &tag)
                });
        opened.map_err(garbage)?;
        Ok(bytes)
    }

    fn pairs(&self) -> MutexGuard<'_, Pairs> {
        // Two pairs are whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pairs {
    /// After a day the pair is the former one; after two it is gone.
    fn turn_over(&mut self, now: Timestamp) {
        if self.current.as_ref().is_some_and(|pair| now >= pair.since.plus_seconds(OFFERED_SECONDS)) {
            self.former = self.current.take();
        }
        self.former.take_if(|pair| now >= pair.since.plus_seconds(2 * OFFERED_SECONDS));
    }
}

impl Pair {
    fn generate(mut slot: Slot, rng: &dyn Rng, now: Timestamp) -> Self {
        let mut seed = Zeroizing::new([0; PRIVATE]);
        rng.fill(seed.as_mut());
        let (private, public) = DhP256HkdfSha256::derive_keypair(seed.as_ref());
        private.write_exact(&mut slot[..PRIVATE]);
        let id = URL_SAFE_NO_PAD.encode(rng.bytes::<9>());
        let offered = Offered { id, key: URL_SAFE_NO_PAD.encode(public.to_bytes()) };
        Self { offered, private: slot, since: now }
    }
}

/// What a sealed form is bound to.
pub(crate) struct Place<'a> {
    /// The vault.
    pub(crate) origin: &'a Origin,
    /// The invitation.
    pub(crate) invitation: InvitationId,
    /// The form's `submit` key.
    pub(crate) submit: &'a OneTimeKey,
}

impl Place<'_> {
    fn info(&self, key: &str) -> Vec<u8> {
        format!("{WHAT}\n{}\n{key}", self.origin.as_str()).into_bytes()
    }

    fn bound_to(&self) -> Vec<u8> {
        format!("{}\n{}", self.invitation, self.submit.to_text()).into_bytes()
    }
}

#[cfg(test)]
mod tests;
