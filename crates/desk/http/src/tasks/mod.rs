//! What the desk does by itself while it runs: follows the vault's events, renews leases, locks idle consoles, runs
//! errands, publishes, repairs.
//!
//! Each task is a loop that survives a vault that is down and a store that is busy, and ends when the program stops. None
//! holds anything that the store does not have: killed at any moment, they go on where the store says.

mod accounts;
mod chain;
mod errands;
mod events;
mod idle;
mod leases;
mod mirror;
mod publishing;
mod refusals;
mod repair;
mod review;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::desk::Desk;

/// The running tasks.
pub struct Background(JoinSet<()>);

impl Background {
    /// Starts every task. They end after [`Desk::stop`].
    #[must_use]
    pub fn start(desk: &Arc<Desk>) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(publishing::run(Arc::clone(desk)));
        tasks.spawn(events::run(Arc::clone(desk)));
        tasks.spawn(leases::run(Arc::clone(desk)));
        tasks.spawn(idle::run(Arc::clone(desk)));
        tasks.spawn(accounts::run(Arc::clone(desk)));
        tasks.spawn(errands::run(Arc::clone(desk)));
        tasks.spawn(refusals::run(Arc::clone(desk)));
        tasks.spawn(repair::run(Arc::clone(desk)));
        tasks.spawn(chain::run(Arc::clone(desk)));
        tasks.spawn(mirror::run(Arc::clone(desk)));
        tasks.spawn(review::run(Arc::clone(desk)));
        Self(tasks)
    }

    /// Waits until all have ended.
    pub async fn finish(self) {
        self.0.join_all().await;
    }
}

/// The program's end, as a task sees it.
struct Stopping(watch::Receiver<bool>);

impl Stopping {
    fn of(desk: &Desk) -> Self {
        Self(desk.live.stopping())
    }

    /// Runs `work` unless the program stops first: then nothing.
    async fn or<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            _ = self.0.wait_for(|stopping| *stopping) => None,
        }
    }

    /// Waits; false when the program stops.
    async fn sleep(&mut self, span: Duration) -> bool {
        self.or(tokio::time::sleep(span)).await.is_some()
    }
}
