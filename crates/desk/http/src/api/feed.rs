//! Frames of the live feed.

use aside_base::ConversationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ConversationSummary, Entry, Permission, Side};

/// From the desk to a browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient {
    /// A new line.
    Entry {
        /// The line.
        entry: Box<Entry>,
    },
    /// A conversation changed; agents only.
    Conversation {
        /// As it is now.
        conversation: ConversationSummary,
    },
    /// Somebody is writing; never stored.
    Typing {
        /// Where.
        #[schema(value_type = Uuid)]
        conversation: ConversationId,
        /// Which side.
        from: Side,
        /// Who, where it is an agent.
        #[schema(required)]
        display_name: Option<String>,
    },
    /// Whether an agent is there to answer; visitors only.
    Presence {
        /// Whether one is.
        online: bool,
    },
    /// The session is over, or the visitor was erased; the socket closes after this.
    Ended {
        /// `signed_out`, `erased`, or the reason as the audit log has it: `logout`, `too_old`, `idle` and the others.
        reason: &'static str,
    },
    /// The session was locked; the socket closes after this.
    Locked,
    /// What the person may do has changed, or whether secure forms work; agents only.
    Rights {
        /// What the person may do now.
        permissions: Vec<Permission>,
        /// Whether secure forms work on the site.
        forms_on: bool,
    },
    /// The review found something; only for whoever reads the audit log.
    Alert,
    /// Whether secure forms work now.
    Vault {
        /// Whether the vault answers.
        up: bool,
    },
    /// The answer to a ping.
    Pong,
}

/// From a browser to the desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromClient {
    /// Are you there?
    Ping,
}
