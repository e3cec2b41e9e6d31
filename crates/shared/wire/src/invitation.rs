//! Invitations: sending, opening, granting a view, cancelling.

use aside_base::{ConversationId, DefinitionHash, InvitationId, OneTimeKey, SessionId, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reference::is_fit_reference;

/// How the invitation reaches the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In the chat's own client: the `open` OTK is minted at the click.
    Web,
    /// As a link: the `open` OTK stands in it and lives as long as the invitation.
    Link,
}

/// The three clocks of S5, each in seconds, 1 to 86400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// Send to first click.
    pub invitation_life: u32,
    /// Click to loaded.
    pub open_limit: u32,
    /// First open to submit.
    pub submit_limit: u32,
}

/// A clock outside 1 to 86400 seconds; names the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClocksError(pub &'static str);

impl Clocks {
    /// The longest any clock may run: a day.
    pub const LONGEST: u32 = 86_400;

    /// Checks S5's range.
    ///
    /// # Errors
    /// The first clock that is 0 or more than [`Clocks::LONGEST`].
    pub fn check(&self) -> Result<(), ClocksError> {
        for (name, seconds) in [
            ("invitation_life", self.invitation_life),
            ("open_limit", self.open_limit),
            ("submit_limit", self.submit_limit),
        ] {
            if !(1..=Self::LONGEST).contains(&seconds) {
                return Err(ClocksError(name));
            }
        }
        Ok(())
    }
}

impl Default for Clocks {
    /// S5's defaults.
    fn default() -> Self {
        Self { invitation_life: 86_400, open_limit: 300, submit_limit: 1_800 }
    }
}

/// Whether a visitor who left an opened form may come back to it (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reopen {
    /// The device that opened it may, always to an empty form, until it is sent or ends.
    #[default]
    SameDevice,
    /// Nobody may: closed is closed.
    Once,
}

/// `POST /zone/v1/sites/{site}/invitations`: step 1.
///
/// The desk names the invitation, so that a repeat after a lost reply finds the same one and mints nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The invitation's id, a UUIDv7 made by the desk.
    #[schema(value_type = Uuid)]
    pub invitation: InvitationId,
    /// Where it is sent.
    #[schema(value_type = Uuid)]
    pub conversation: ConversationId,
    /// The session that sends it, and the only one that may view its answers (S8).
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// First name of the agent, shown to the visitor (P6).
    pub agent_name: String,
    /// Which form.
    #[schema(value_type = String)]
    pub definition: DefinitionHash,
    /// How it reaches the visitor.
    pub channel: Channel,
    /// Its three clocks.
    pub clocks: Clocks,
    /// A BCP 47 tag; the page falls back to English.
    pub locale: String,
    /// Whether the form may be left and opened again.
    #[serde(default)]
    pub reopen: Reopen,
}

/// The answer to [`Invite`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invited {
    /// The same id.
    #[schema(value_type = Uuid)]
    pub invitation: InvitationId,
    /// Four characters that stand both in the chat and on the page (P6).
    pub reference: String,
    /// When the first click must have come.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// On [`Channel::Link`] only, and only the first time: the `open` OTK of the link `/o/<OTK>`.
    #[schema(value_type = Option<String>)]
    pub link_key: Option<OneTimeKey>,
}

/// An `open` OTK (`POST …/invitations/{id}/open`, step 2) or the fresh link of a re-issue (`POST …/invitations/{id}/reissue`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MintedKey {
    /// The key; every former `open` OTK of the invitation is void.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// When it ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

/// `POST /zone/v1/sites/{site}/invitations/{id}/grant`: step 6, the desk vouches that this session may view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// The session that asks.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
}

/// The `view` OTK with the submission it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grant {
    /// The submission's name.
    #[schema(value_type = Uuid)]
    pub submission: SubmissionId,
    /// The `view` OTK, good for seconds.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// When it ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

/// Why somebody looks at what was stored after the conversation was closed (V6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryReason {
    /// The visitor disputes what was agreed or paid.
    Dispute,
    /// A fraud is looked into.
    FraudCheck,
    /// A court or an authority asks.
    LegalRequest,
    /// The visitor asks what is stored of them.
    SubjectRequest,
    /// The agent's work is checked.
    QualityCheck,
}

impl HistoryReason {
    /// The reason's name, as audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::FraudCheck => "fraud_check",
            Self::LegalRequest => "legal_request",
            Self::SubjectRequest => "subject_request",
            Self::QualityCheck => "quality_check",
        }
    }
}

/// `POST /zone/v1/sites/{site}/invitations/{id}/history`: the desk vouches that this session may read what was stored in a
/// closed conversation (V6). Answered with a [`Grant`], whose key opens a history view and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// The session that asks.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// Why.
    pub reason: HistoryReason,
    /// Which case it belongs to: at most 40 letters, digits and hyphens, no card or identity number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl HistoryRequest {
    /// Whether the reference is one.
    #[must_use]
    pub fn has_fit_reference(&self) -> bool {
        is_fit_reference(self.reference.as_deref())
    }
}

/// Why an invitation was cancelled (`POST …/invitations/{id}/cancel` with this as its JSON body; and `POST …/revoke`, by
/// which the right to view is lost too).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum CancelReason {
    /// The agent took it back.
    Agent,
    /// The sending session ended before submission (S8).
    SessionEnded,
    /// The conversation was closed.
    ConversationClosed,
    /// The agent may no longer use secure forms (A1).
    RightLost,
    /// The site's secure forms were stopped (A10).
    Stopped,
    /// The conversation went to another agent (S8).
    Transferred,
    /// The visitor left a form that opens once (S11).
    FormClosed,
    /// The visitor opened another form of the conversation on the same device (S11, S12).
    AnotherForm,
}

/// An invitation's state as the vault knows it. *Received* is the desk's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Sent, not yet opened.
    Sent,
    /// The visitor opened it.
    Viewed,
    /// The visitor sent the answers.
    Submitted,
    /// The agent looked.
    Read,
    /// A clock ended before submission.
    Expired,
    /// Taken back by the agent, or the right was lost.
    Cancelled,
    /// The visitor chose not to answer.
    Declined,
}

/// `GET /zone/v1/sites/{site}/invitations/{id}`: for resynchronising on another epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationStatus {
    /// The invitation.
    #[schema(value_type = Uuid)]
    pub invitation: InvitationId,
    /// Its status.
    pub status: Status,
    /// Since when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// The submission, once there is one.
    #[schema(value_type = Option<Uuid>)]
    pub submission: Option<SubmissionId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_of_a_desk_that_knows_no_reopening_opens_on_the_same_device() {
        let id = uuid::Uuid::from_u128(1);
        let told = serde_json::json!({
            "invitation": id, "conversation": id, "session": id, "agent_name": "Dana", "definition": "0".repeat(64),
            "channel": "web", "clocks": Clocks::default(), "locale": "en",
        });
        let invite: Invite = serde_json::from_value(told).unwrap();
        assert_eq!(invite.reopen, Reopen::SameDevice);
    }

    #[test]
    fn each_clock_runs_from_one_second_to_a_day() {
        assert_eq!(Clocks::default().check(), Ok(()));
        let edges = Clocks { invitation_life: 1, open_limit: 86_400, submit_limit: 1 };
        assert_eq!(edges.check(), Ok(()));
        assert_eq!(Clocks { open_limit: 0, ..edges }.check(), Err(ClocksError("open_limit")));
        assert_eq!(Clocks { submit_limit: 86_401, ..edges }.check(), Err(ClocksError("submit_limit")));
        assert_eq!(Clocks { invitation_life: 0, ..edges }.check(), Err(ClocksError("invitation_life")));
    }
}
