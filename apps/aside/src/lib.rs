//! What people type: `aside` starts both programs on one machine and holds the operator's commands.
//!
//! It supervises the desk and the vault as child processes and speaks to them over HTTP like anybody else. It links
//! neither zone's code and never reads what they store.

pub mod audit;
pub mod bench;
pub mod crash;
pub mod demo;
pub mod house;
pub mod journey;
pub mod leak;
pub mod leak_hunt;
pub mod testbed;
pub mod tour;
