//! The workspace's API: what agents command and read. What a handler takes says who may call it: see [`crate::caller`].

pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod conversations;
pub(crate) mod export;
pub(crate) mod factors;
pub(crate) mod feed;
pub(crate) mod forms;
pub(crate) mod history;
pub(crate) mod invitations;
pub(crate) mod keeping;
pub(crate) mod keys;
pub(crate) mod locking;
pub(crate) mod login;
pub(crate) mod own_password;
pub(crate) mod people;
pub(crate) mod privacy;
pub(crate) mod profiles;
pub(crate) mod second_step;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod takeout;
pub(crate) mod transfer;
mod view;
pub(crate) mod viewing;
pub(crate) mod welcome;
