//! Keys of the vault's API (V7): another program's way to stored answers. Made by whoever runs the vault, on the vault's own
//! machine: a desk can neither make nor widen one, so a taken-over desk reads nothing by them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use aside_base::{ApiKeyId, KeyHash, OneTimeKey, SiteId, Timestamp};
use aside_form::Kind;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{KeyFault, Refusal};

/// The longest life of a key, in days.
pub const LONGEST_KEY_DAYS: u16 = 365;
/// What a key's text begins with.
const PREFIX: &str = "aside_vault_";
/// The most networks of a key.
const NETWORKS: usize = 32;

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read answers by their tokens.
    Detokenise,
    /// Learn what a submission holds, without its answers.
    Describe,
    /// Take along what is stored of a conversation (V8).
    Export,
    /// Erase what is stored of a conversation (V8).
    Erase,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Detokenise, Self::Describe, Self::Export, Self::Erase];

    /// The scope's name, as stored and typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Detokenise => "detokenise",
            Self::Describe => "describe",
            Self::Export => "export",
            Self::Erase => "erase",
        }
    }
}

impl FromStr for Scope {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(Refusal::Invalid("scopes"))
    }
}

/// Kinds of answers by their names. A security code is not among them: it is never stored.
pub const KIND_NAMES: [(&str, Kind); 4] =
    [("card_number", Kind::CardNumber), ("expiry", Kind::Expiry), ("text", Kind::Text), ("note", Kind::Note)];

/// The kind's name; none for what is never stored.
#[must_use]
pub fn kind_name(kind: Kind) -> Option<&'static str> {
    KIND_NAMES.iter().find(|(_, named)| *named == kind).map(|(name, _)| *name)
}

/// A network that a key works from: an address and how many of its bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether the address is in it. An IPv4 address in IPv6 clothing is the IPv4 address.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(u32::from(32 - self.bits)).unwrap_or(0);
                u32::from(own) & mask == u32::from(other) & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(u32::from(128 - self.bits)).unwrap_or(0);
                u128::from(own) & mask == u128::from(other) & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = Refusal;

    /// `192.0.2.0/24`, `2001:db8::/56`, or one address.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let invalid = Refusal::Invalid("networks");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| invalid)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse::<u8>().map_err(|_| invalid))?;
        if bits > most || (address != address.to_canonical()) {
            return Err(invalid);
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// A key that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// Its site.
    pub site: SiteId,
    /// What people call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The kinds of answers it may read.
    pub kinds: Vec<Kind>,
    /// Where it works from.
    pub networks: Vec<Network>,
    /// How many calls it may make a minute.
    pub per_minute: u32,
    /// How many days it works.
    pub days: u16,
}

/// A key as it is kept: everything but its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its name in the key's text.
    pub id: ApiKeyId,
    /// The hash of its secret.
    pub secret: KeyHash,
    /// Its site: nothing of another one exists for it.
    pub site: SiteId,
    /// What people call it.
    pub name: String,
    /// What it may be used for, each once.
    pub scopes: Vec<Scope>,
    /// The kinds of answers it may read, each once.
    pub kinds: Vec<Kind>,
    /// Where it works from.
    pub networks: Vec<Network>,
    /// How many calls it may make a minute.
    pub per_minute: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A key as a caller presents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// Which.
    pub id: ApiKeyId,
    /// The hash of the secret that came with it.
    pub secret: KeyHash,
    /// Where the call comes from.
    pub from: IpAddr,
}

impl ApiKey {
    /// Makes a key.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] names what no key can have.
    pub fn made(new: NewApiKey, id: ApiKeyId, secret: KeyHash, now: Timestamp) -> Result<Self, Refusal> {
        let NewApiKey { site, name, mut scopes, mut kinds, networks, per_minute, days } = new;
        let name = name.trim().to_owned();
        if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(Refusal::Invalid("name"));
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Refusal::Invalid("scopes"));
        }
        kinds.sort_unstable_by_key(|kind| kind_name(*kind));
        kinds.dedup();
        let reads = scopes.iter().any(|scope| matches!(scope, Scope::Detokenise));
        if kinds.iter().any(|kind| kind_name(*kind).is_none()) || (reads && kinds.is_empty()) {
            return Err(Refusal::Invalid("kinds"));
        }
        // A key that works from everywhere says so: `0.0.0.0/0`.
        if !(1..=NETWORKS).contains(&networks.len()) {
            return Err(Refusal::Invalid("networks"));
        }
        if !(1..=10_000).contains(&per_minute) {
            return Err(Refusal::Invalid("per_minute"));
        }
        if !(1..=LONGEST_KEY_DAYS).contains(&days) {
            return Err(Refusal::Invalid("days"));
        }
        let expires_at = now.plus_seconds(u32::from(days) * 86_400);
        Ok(Self {
            id,
            secret,
            site,
            name,
            scopes,
            kinds,
            networks,
            per_minute,
            created_at: now,
            expires_at,
            revoked_at: None,
        })
    }

    /// Checks that the caller has this very key and that it may be used for `scope` from there at `now`. Whoever has not the
    /// secret learns nothing of it.
    ///
    /// # Errors
    /// [`Refusal::Key`] names what is missing.
    pub fn check(&self, presented: &Presented, scope: Scope, now: Timestamp) -> Result<(), Refusal> {
        let fault = |fault| Err(Refusal::Key(fault));
        let own = self.secret.matches(&presented.secret);
        if !own || self.id != presented.id {
            return fault(KeyFault::Unknown);
        }
        if self.revoked_at.is_some() {
            return fault(KeyFault::Revoked);
        }
        if now >= self.expires_at {
            return fault(KeyFault::Expired);
        }
        if !self.networks.iter().any(|network| network.holds(presented.from)) {
            return fault(KeyFault::Network);
        }
        if !self.scopes.contains(&scope) {
            return fault(KeyFault::Scope);
        }
        Ok(())
    }

    /// Checks that it may read answers of this kind.
    ///
    /// # Errors
    /// [`KeyFault::Kind`].
    pub fn check_kind(&self, kind: Kind) -> Result<(), Refusal> {
        if self.kinds.contains(&kind) { Ok(()) } else { Err(Refusal::Key(KeyFault::Kind)) }
    }

    /// The key's text: `aside_vault_<id>_<secret>`, told once.
    #[must_use]
    pub fn text(id: ApiKeyId, secret: &OneTimeKey) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}_{}", id.as_uuid().simple(), secret.to_text()))
    }

    /// Reads a key's text.
    #[must_use]
    pub fn read(text: &str) -> Option<(ApiKeyId, OneTimeKey)> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let plain = id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let id = Uuid::try_parse(id).ok().filter(|_| plain)?;
        Some((ApiKeyId::from_uuid(id), secret.parse().ok()?))
    }
}

#[cfg(test)]
mod tests;
