//! The JSON that browsers see. Shapes only: no rule is decided here, and nothing an answer could hide in exists here.

mod audit;
mod conversation;
mod entry;
mod factor;
mod feed;
mod form;
mod history;
mod keeping;
mod key;
mod person;
mod privacy;
mod problem;
mod security;
mod session;
mod transfer;
mod visit;

pub use audit::{
    AccessDone, AccessQuery, AccessRow, AccessSpan, Alert, AuditCheckpoint, AuditEntry, AuditPage, AuditQuery,
    AuditWho, AuditZone, ChainState, Chains, NamedPerson,
};
pub use conversation::{
    ConversationPage, ConversationStatus, ConversationSummary, InvitationSent, NewInvitation, NewMessage, ReadUpTo,
    ReissuedLink, ViewGrant,
};
pub use entry::{
    Author, CancelledBecause, CardAgent, Channel, Entry, EntryKind, ErasedBecause, GoneBecause, InvitationCard,
    InvitationState, LostBecause, Side, StatusTimes,
};
pub use factor::{
    FactorAdded, Factors, NewFactor, NewPasskey, Passkey, PasskeyAssertion, RecoveryCodes, TotpFactor, TotpSecret,
};
pub use feed::{FromClient, ToClient};
pub use form::{FieldKind, FieldSummary, FormSummary};
pub use history::{HistoryPage, HistoryQuery, HistoryReason, NewHistoryView, PastConversation, PastForm};
pub use keeping::{Keeping, KeepingChange, KeepingReport, KeepingView, Reopen};
pub use key::{ApiKey, ApiKeyMade, NewApiKey, Scope};
pub use person::{
    NewPerson, NewProfile, OtherName, OtherProfile, People, Permission, Person, PersonInvited, PersonPage,
    PersonSession, PersonState, Profile, ProfileChange, ProfileName, Role, StrongestFactor, WelcomeKey, WelcomeLink,
    WelcomePassword, Welcomed,
};
pub use privacy::{
    EraseConfirmation, FoundConversation, FoundVisitor, KeptState, NewVaultExport, PrivacyQuery, VaultExport,
    VisitorData,
};
pub use problem::Problem;
pub use security::{
    FormsState, Idle, Lockout, MinimumPart, Part, PasswordProfile, PasswordRules, Policy, Range, Review,
    SecondFactorFor, Security, SecurityChange, WorkingHours,
};
pub use session::{
    AgentName, Code, FactorCounts, Login, OwnSession, PasswordAgain, PasswordChange, SessionRules, SessionView,
    SignedInAgent, SiteName, Stage, Unlock,
};
pub use transfer::{Colleague, TransferTo};
pub use visit::{OpenKey, Visit, VisitRequest, VisitorConversation};
