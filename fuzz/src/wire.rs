//! The zone link's bodies, as each zone reads what claims to come from the other.

use aside_wire as wire;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is read is written and read again as the same.
pub(crate) fn zone_json(input: &[u8]) {
    round::<wire::Invite>(input);
    round::<wire::GrantRequest>(input);
    round::<wire::HistoryRequest>(input);
    round::<wire::CancelReason>(input);
    round::<wire::StartSession>(input);
    round::<wire::AgentRights>(input);
    round::<wire::RenewSessions>(input);
    round::<wire::FormsSwitch>(input);
    round::<wire::SiteProfile>(input);
    round::<wire::ExportRequest>(input);
    round::<wire::Invited>(input);
    round::<wire::MintedKey>(input);
    round::<wire::Grant>(input);
    round::<wire::Enrolment>(input);
    round::<wire::RenewedSessions>(input);
    round::<wire::InvitationStatus>(input);
    round::<wire::EventPage>(input);
    round::<wire::AuditPage>(input);
    round::<wire::AuditState>(input);
    round::<wire::KeepingReport>(input);
    round::<wire::Problem>(input);
}

fn round<T: Serialize + DeserializeOwned + PartialEq>(input: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(input) {
        let again = serde_json::to_vec(&read).ok().and_then(|written| serde_json::from_slice::<T>(&written).ok());
        assert!(again.is_some_and(|again| again == read), "{} is not what it was", std::any::type_name::<T>());
    }
}
