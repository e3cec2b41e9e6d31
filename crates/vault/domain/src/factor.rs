//! Second factors at the vault (A5): an agent's own, whatever the desk says. A reveal needs a fresh confirmation by one that
//! was set up before the form was sent, so that neither a reset nor a factor that a taken-over desk invents opens what was
//! sent before.

use aside_base::Timestamp;

use crate::Refusal;

/// So long a confirmation lasts, in seconds.
pub const CONFIRMED_SECONDS: u32 = 300;
/// So many wrong codes in a row lock the agent's confirmations.
pub const TRIES: u8 = 5;
/// So long they stay locked, in seconds.
pub const LOCKED_SECONDS: u32 = 1_800;
/// The most passkeys of one agent.
pub const PASSKEYS: usize = 10;
/// The longest name of a passkey, in characters.
const NAME: usize = 60;

/// A code app's secret, sealed by the site's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCodeSecret {
    /// The version of the site key that sealed it.
    pub version: u32,
    /// The sealed secret.
    pub sealed: Vec<u8>,
}

/// An authenticator app that shows codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeApp {
    /// Since when it is set up.
    pub since: Timestamp,
    /// What it shares with the vault.
    pub secret: SealedCodeSecret,
    /// The step of the last code that was believed: a step works once.
    pub last_step: u64,
}

/// A passkey that was registered here. Nothing in it can sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its credential id.
    pub id: Vec<u8>,
    /// Its public key, as a COSE key.
    pub public_key: Vec<u8>,
    /// The last counter it signed with; 0 where it does not count.
    pub counter: u32,
    /// Whether it may live on several devices.
    pub backup_eligible: bool,
    /// What its owner calls it.
    pub name: String,
    /// Since when it is set up.
    pub since: Timestamp,
}

/// Wrong codes in a row, and what came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many were wrong.
    pub wrong: u8,
    /// Until when confirmations are locked.
    pub locked_until: Option<Timestamp>,
}

/// Everything an agent can confirm with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// The code app.
    pub code: Option<CodeApp>,
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
    /// Wrong codes.
    pub tries: Tries,
}

/// A factor to be set up; its owner has shown that it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewFactor {
    /// A code app; takes the place of a former one.
    Code {
        /// Its secret.
        secret: SealedCodeSecret,
        /// The step of the code that showed that it works.
        step: u64,
    },
    /// A passkey.
    Passkey {
        /// Its credential id.
        id: Vec<u8>,
        /// Its public key, as a COSE key.
        public_key: Vec<u8>,
        /// Its counter.
        counter: u32,
        /// Whether it may live on several devices.
        backup_eligible: bool,
        /// What its owner calls it, 1 to 60 characters.
        name: String,
    },
}

/// What an agent has shown, as far as it could be verified without the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The code of this step, of the app that was set up then: another one may have taken its place since it was looked at.
    Code {
        /// Since when that app is set up.
        since: Timestamp,
        /// The step.
        step: u64,
    },
    /// A code that fits no step.
    WrongCode,
    /// A passkey's answer that was not believed, and why. No try is lost: it cannot be guessed.
    WrongPasskey {
        /// The reason's name, for the audit.
        reason: &'static str,
    },
    /// A signature of this passkey.
    Passkey {
        /// Its credential id.
        id: Vec<u8>,
        /// The counter it signed with.
        counter: u32,
    },
}

/// What a proof came to. Each changes the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    /// It is right: the factor is that old.
    Right {
        /// Since when the factor is set up.
        since: Timestamp,
    },
    /// It is wrong.
    Wrong(Refusal),
}

/// Which factors may confirm for one form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usable {
    /// The code app.
    pub code: bool,
    /// A passkey.
    pub passkeys: bool,
}

impl Tries {
    /// How many wrong codes are left.
    #[must_use]
    pub fn left(self, now: Timestamp) -> u8 {
        match self.locked_until {
            Some(until) if now < until => 0,
            Some(_) => TRIES,
            None => TRIES.saturating_sub(self.wrong),
        }
    }

    /// # Errors
    /// [`Refusal::FactorLocked`] while confirmations are locked.
    pub fn check(self, now: Timestamp) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => Err(Refusal::FactorLocked { until }),
            _ => Ok(()),
        }
    }

    fn wrong(&mut self, now: Timestamp) -> Refusal {
        if self.locked_until.take().is_some() {
            self.wrong = 0;
        }
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong < TRIES {
            return Refusal::WrongCode { left: TRIES - self.wrong };
        }
        let until = now.plus_seconds(LOCKED_SECONDS);
        self.locked_until = Some(until);
        Refusal::FactorLocked { until }
    }
}

impl Factors {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.passkeys.is_empty()
    }

    /// Which of them were there when the form was sent.
    #[must_use]
    pub fn usable(&self, sent_at: Timestamp) -> Usable {
        Usable {
            code: self.code.as_ref().is_some_and(|code| code.since <= sent_at),
            passkeys: self.passkeys.iter().any(|passkey| passkey.since <= sent_at),
        }
    }

    /// Adds a factor at `now`. The first one needs nothing; another one needs that the session is `confirmed`.
    ///
    /// # Errors
    /// [`Refusal::Confirm`] without that, [`Refusal::FactorLocked`], or [`Refusal::Invalid`] for what cannot be kept.
    pub fn add(&mut self, factor: NewFactor, confirmed: bool, now: Timestamp) -> Result<(), Refusal> {
        self.tries.check(now)?;
        if !self.is_empty() && !confirmed {
            return Err(Refusal::Confirm);
        }
        match factor {
            NewFactor::Code { secret, step } => {
                // The code that moved the former app's step forward says nothing about the new one's.
                self.code = Some(CodeApp { since: now, secret, last_step: step });
            }
            NewFactor::Passkey { id, public_key, counter, backup_eligible, name } => {
                if name.trim().is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
                    return Err(Refusal::Invalid("name"));
                }
                if self.passkeys.len() >= PASSKEYS {
                    return Err(Refusal::Invalid("passkeys"));
                }
                if self.passkeys.iter().any(|passkey| passkey.id == id) {
                    return Err(Refusal::NotValid);
                }
                self.passkeys.push(Passkey { id, public_key, counter, backup_eligible, name, since: now });
            }
        }
        Ok(())
    }

    /// Looks at a proof, for a form that was sent at `sent_at` or for none.
    ///
    /// # Errors
    /// [`Refusal::NotValid`] for a passkey that was not believed or did not count on. Without looking: [`Refusal::FactorLocked`], [`Refusal::NoFactor`] when that factor is not there (any more),
    /// [`Refusal::FactorTooNew`] when it was set up after the form was sent.
    pub fn prove(&mut self, proof: &Proof, sent_at: Option<Timestamp>, now: Timestamp) -> Result<Proved, Refusal> {
        self.tries.check(now)?;
        let since = match proof {
            Proof::WrongPasskey { .. } => return Err(Refusal::NotValid),
            Proof::Code { since, .. } => self.code.as_ref().map(|code| code.since).filter(|there| there == since),
            Proof::WrongCode => self.code.as_ref().map(|code| code.since),
            Proof::Passkey { id, .. } => self.passkey(id).map(|passkey| passkey.since),
        };
        let since = since.ok_or(Refusal::NoFactor)?;
        if sent_at.is_some_and(|sent_at| sent_at < since) {
            return Err(Refusal::FactorTooNew);
        }
        let right = match proof {
            Proof::WrongCode | Proof::WrongPasskey { .. } => false,
            Proof::Code { step, .. } => self.code.as_mut().is_some_and(|code| {
                let newer = *step > code.last_step;
                code.last_step = code.last_step.max(*step);
                newer
            }),
            Proof::Passkey { id, counter } => {
                let passkey = self.passkey(id).ok_or(Refusal::NoFactor)?;
                let counts = passkey.counter != 0 || *counter != 0;
                if counts && *counter <= passkey.counter {
                    // Signed before, or by a copy: nothing that guessing could gain, so no try is lost.
                    return Err(Refusal::NotValid);
                }
                passkey.counter = *counter;
                true
            }
        };
        if !right {
            return Ok(Proved::Wrong(self.tries.wrong(now)));
        }
        self.tries = Tries::default();
        Ok(Proved::Right { since })
    }

    fn passkey(&mut self, id: &[u8]) -> Option<&mut Passkey> {
        self.passkeys.iter_mut().find(|passkey| passkey.id == id)
    }
}

#[cfg(test)]
mod tests;
