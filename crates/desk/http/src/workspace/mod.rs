//! The workspace's API: what agents command and read. Every handler takes an [`crate::caller::Agent`] but login itself.

pub(crate) mod conversations;
pub(crate) mod feed;
pub(crate) mod forms;
pub(crate) mod invitations;
pub(crate) mod login;
pub(crate) mod viewing;
