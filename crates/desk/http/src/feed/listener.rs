//! Who listens to a feed, and what of the house it may hear.

use aside_base::{ConversationId, Origin, SessionId, SiteId, VisitorId};
use aside_desk_domain::{ConversationSummary, Entry, Sequence, Visitor};
use aside_desk_store::StoreError;

use crate::api::Side;
use crate::caller::Agent;
use crate::desk::{Desk, Settings};
use crate::live::{Attendance, Live};
use crate::shown::Reader;

/// The listener of one feed.
pub(crate) enum Listener {
    /// An agent hears all of its site.
    Agent(Agent),
    /// A visitor hears its newest conversation.
    Visitor {
        /// Who.
        visitor: Visitor,
        /// Its newest conversation, once there is one.
        conversation: Option<ConversationId>,
    },
}

impl Listener {
    pub(super) fn origin<'s>(&self, settings: &'s Settings) -> &'s Origin {
        match self {
            Self::Agent(_) => &settings.desk_origin,
            Self::Visitor { .. } => &settings.chat_origin,
        }
    }

    pub(super) fn site(&self) -> &SiteId {
        match self {
            Self::Agent(agent) => agent.site(),
            Self::Visitor { visitor, .. } => &visitor.site,
        }
    }

    pub(super) fn reader(&self) -> Reader {
        match self {
            Self::Agent(agent) => Reader::Agent(agent.session()),
            Self::Visitor { .. } => Reader::Visitor,
        }
    }

    pub(super) fn side(&self) -> Side {
        match self {
            Self::Agent(_) => Side::Agent,
            Self::Visitor { .. } => Side::Visitor,
        }
    }

    /// Counts an agent as there, for as long as the answer is kept.
    pub(super) fn attend(&self, desk: &Desk) -> Option<Attendance> {
        match self {
            Self::Agent(agent) => Some(Live::attend(&desk.live, agent.site())),
            Self::Visitor { .. } => None,
        }
    }

    pub(super) fn session(&self) -> Option<SessionId> {
        match self {
            Self::Agent(agent) => Some(agent.session()),
            Self::Visitor { .. } => None,
        }
    }

    /// Whether it hears of that conversation.
    pub(super) fn follows(&self, site: &SiteId, conversation: ConversationId) -> bool {
        match self {
            Self::Agent(agent) => agent.site() == site,
            Self::Visitor { visitor, conversation: own } => visitor.site == *site && *own == Some(conversation),
        }
    }

    /// A conversation begins: whether it concerns this listener. A visitor follows its own from now on.
    pub(super) fn begins(&mut self, site: &SiteId, conversation: ConversationId, whose: VisitorId) -> bool {
        match self {
            Self::Agent(agent) => agent.site() == site,
            Self::Visitor { visitor, conversation: own } => {
                let concerns = visitor.site == *site && visitor.id == whose;
                if concerns {
                    *own = Some(conversation);
                }
                concerns
            }
        }
    }

    /// Looks up what it follows.
    pub(super) async fn refresh(&mut self, desk: &Desk) -> Result<(), StoreError> {
        if let Self::Visitor { visitor, conversation } = self {
            let newest = desk.store.visitor_conversation(&visitor.site, visitor.id).await?;
            *conversation = newest.map(|newest| newest.id);
        }
        Ok(())
    }

    pub(super) async fn is_live(&self, desk: &Desk) -> Result<bool, StoreError> {
        match self {
            Self::Agent(agent) => Ok(desk.store.session_by_token(agent.token, desk.now()).await?.is_some()),
            Self::Visitor { .. } => Ok(true),
        }
    }

    pub(super) async fn entries_after(
        &self,
        desk: &Desk,
        place: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        match self {
            Self::Agent(agent) => desk.store.entries_after(agent.site(), place, limit).await,
            Self::Visitor { visitor, conversation: Some(own) } => {
                desk.store.conversation_entries_after(&visitor.site, *own, place, limit).await
            }
            Self::Visitor { conversation: None, .. } => Ok(Vec::new()),
        }
    }

    /// How a conversation looks in the list, for those who have one.
    pub(super) async fn summary(
        &self,
        desk: &Desk,
        conversation: ConversationId,
    ) -> Result<Option<ConversationSummary>, StoreError> {
        match self {
            Self::Agent(agent) => desk.store.summary(agent.site(), agent.id(), conversation).await,
            Self::Visitor { .. } => Ok(None),
        }
    }
}
