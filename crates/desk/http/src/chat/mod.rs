//! The visitor's API: what the widget commands and reads. A visitor is known by its cookie and sees its own only.

pub(crate) mod feed;
pub(crate) mod invitations;
pub(crate) mod messages;
pub(crate) mod visit;
