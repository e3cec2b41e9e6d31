//! Who listens to a feed, and what of the house it may hear.

use aside_base::{AgentId, ConversationId, Origin, SessionId, SiteId, VisitorId};
use aside_desk_domain::{ConversationSummary, Entry, Permission, Sequence, Visitor};
use aside_desk_store::StoreError;
use tokio::sync::broadcast;

use crate::api::{self, Side};
use crate::caller::Agent;
use crate::desk::{Desk, Settings};
use crate::live::{Attendance, Following, Live, Notice};
use crate::shown::{self, Reader};

/// Whether a listener may go on.
pub(super) enum Standing {
    /// It may.
    Present,
    /// Its session is locked.
    Locked,
    /// Its session is over, or not ready any more; or the visitor was erased.
    Gone,
}

/// The listener of one feed.
pub(crate) enum Listener {
    /// An agent hears all of its site that its profile lets it read.
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

    /// What it hears from now on; a visitor's feed says what it follows.
    pub(super) fn listen(&self, desk: &Desk) -> (broadcast::Receiver<Notice>, Option<Following>) {
        match self {
            Self::Agent(_) => (desk.live.listen(), None),
            Self::Visitor { visitor, .. } => {
                let (notices, following) = Live::listen_to(&desk.live, visitor.id);
                (notices, Some(following))
            }
        }
    }

    /// The conversation that a visitor follows.
    pub(super) fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Agent(_) => None,
            Self::Visitor { conversation, .. } => *conversation,
        }
    }

    /// Counts an agent who answers as there, for as long as the answer is kept.
    pub(super) fn attend(&self, desk: &Desk) -> Option<Attendance> {
        match self {
            Self::Agent(agent) if self.reads() => Some(Live::attend(&desk.live, agent.site())),
            Self::Agent(_) | Self::Visitor { .. } => None,
        }
    }

    /// Whether it reads conversations at all.
    fn reads(&self) -> bool {
        match self {
            Self::Agent(agent) => agent.live.permissions.has(Permission::HandleConversations),
            Self::Visitor { .. } => true,
        }
    }

    /// Whether a change of rights is about it.
    pub(super) fn is_concerned(&self, site: &SiteId, who: Option<AgentId>) -> bool {
        match self {
            Self::Agent(agent) => agent.site() == site && who.is_none_or(|who| who == agent.id()),
            Self::Visitor { .. } => false,
        }
    }

    /// Whether it is told of what the review finds.
    pub(super) fn hears_alerts(&self, site: &SiteId) -> bool {
        match self {
            Self::Agent(agent) => agent.site() == site && agent.live.permissions.has(Permission::ReadAudit),
            Self::Visitor { .. } => false,
        }
    }

    /// What it may do, and whether secure forms work; agents only.
    pub(super) fn rights(&self) -> Option<(Vec<api::Permission>, bool)> {
        match self {
            Self::Agent(agent) => Some((shown::permissions(agent.live.permissions), agent.live.forms_on)),
            Self::Visitor { .. } => None,
        }
    }

    pub(super) fn visitor(&self) -> Option<VisitorId> {
        match self {
            Self::Agent(_) => None,
            Self::Visitor { visitor, .. } => Some(visitor.id),
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
            Self::Agent(agent) => self.reads() && agent.site() == site,
            Self::Visitor { visitor, conversation: own } => visitor.site == *site && *own == Some(conversation),
        }
    }

    /// A conversation begins: whether it concerns this listener. A visitor follows its own from now on.
    pub(super) fn begins(&mut self, site: &SiteId, conversation: ConversationId, whose: VisitorId) -> bool {
        match self {
            Self::Agent(agent) => agent.live.permissions.has(Permission::HandleConversations) && agent.site() == site,
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

    /// Reads again what an agent may do, and whether a visitor was erased. An agent's token may be another one by now (a new
    /// password, an unlock): the session counts.
    pub(super) async fn look_again(&mut self, desk: &Desk) -> Result<Standing, StoreError> {
        let agent = match self {
            Self::Agent(agent) => agent,
            Self::Visitor { visitor, .. } => {
                let there = desk.store.has_visitor(&visitor.site, visitor.id).await?;
                return Ok(if there { Standing::Present } else { Standing::Gone });
            }
        };
        let now = desk.now();
        let Some(live) = desk.store.live_session(agent.site(), agent.session(), now).await? else {
            return Ok(Standing::Gone);
        };
        let standing = match (live.is_locked(now), live.is_usable(now)) {
            (true, _) => Standing::Locked,
            (false, true) => Standing::Present,
            (false, false) => Standing::Gone,
        };
        *agent = agent.now(live);
        Ok(standing)
    }

    pub(super) async fn entries_after(
        &self,
        desk: &Desk,
        place: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        match self {
            Self::Agent(_) if !self.reads() => Ok(Vec::new()),
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
            Self::Agent(_) if !self.reads() => Ok(None),
            Self::Agent(agent) => desk.store.summary(agent.site(), agent.id(), conversation).await,
            Self::Visitor { .. } => Ok(None),
        }
    }
}
