//! The JSON that browsers see. Shapes only: no rule is decided here, and nothing an answer could hide in exists here.

mod conversation;
mod entry;
mod feed;
mod form;
mod session;
mod visit;

pub use conversation::{
    ConversationPage, ConversationStatus, ConversationSummary, InvitationSent, NewInvitation, NewMessage, ReadUpTo,
    ReissuedLink, ViewGrant,
};
pub use entry::{
    Author, CancelledBecause, CardAgent, Channel, Entry, EntryKind, InvitationCard, InvitationState, Side, StatusTimes,
};
pub use feed::{FromClient, ToClient};
pub use form::{FieldKind, FieldSummary, FormSummary};
pub use session::{AgentName, Login, SessionView, SignedInAgent, SiteName};
pub use visit::{OpenKey, Visit, VisitRequest, VisitorConversation};
