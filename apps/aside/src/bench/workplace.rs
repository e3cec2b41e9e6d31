//! A house at work: both programs, the agents, and a client for each visitor, measured a while at a time.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::time::{Duration, Instant};

use aside_base::SiteId;

use super::BenchError;
use super::lifecycle::{Client, Measured};
use super::process::{Memory, Process};
use crate::house::{House, HouseError, Plan, Running};
use crate::journey::{Agent, Setting};

/// How long programs are left alone before their memory counts as idle.
const SETTLES: Duration = Duration::from_secs(1);

/// Both programs' memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memories {
    pub(super) desk: Memory,
    pub(super) vault: Memory,
}

/// CPU time of both programs.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Cpu {
    pub(super) desk: Duration,
    pub(super) vault: Duration,
}

/// What a while at work brought.
#[derive(Debug, Default)]
pub(super) struct Shift {
    pub(super) measured: Measured,
    pub(super) took: Duration,
    pub(super) cpu: Cpu,
}

impl Shift {
    pub(super) fn add(&mut self, other: Self) {
        self.measured.add(other.measured);
        self.took += other.took;
        self.cpu.desk += other.cpu.desk;
        self.cpu.vault += other.cpu.vault;
    }

    pub(super) fn per_second(&self) -> f64 {
        self.measured.lifecycles as f64 / self.took.as_secs_f64()
    }
}

/// Both programs and whoever uses them.
pub(super) struct Workplace {
    running: Running,
    desk: Process,
    vault: Process,
    clients: Vec<Client>,
    idle: Memories,
}

impl Workplace {
    /// Starts the house that `plan` describes and brings `clients` to work, after `before` had the folders to itself.
    pub(super) async fn open(
        plan: &Plan,
        house: &House,
        setting: &Setting,
        clients: usize,
    ) -> Result<Self, BenchError> {
        let running = house.start().await?;
        let process = |id: Option<u32>| id.map(Process::of).ok_or(BenchError::Gone);
        let (desk, vault) = (process(running.desk.id())?, process(running.vault.id())?);
        tokio::time::sleep(SETTLES).await;
        let idle = Memories { desk: desk.memory()?, vault: vault.memory()? };
        let site: &SiteId = &plan.sites.first().ok_or(BenchError::Gone)?.site;
        let mut agents = Vec::with_capacity(house.accounts.len());
        for account in &house.accounts {
            agents.push(Agent::at_work(setting, account).await?);
        }
        let mut at_work = Vec::with_capacity(clients);
        for number in 0..clients {
            let agent = agents[number % agents.len()].clone();
            at_work.push(Client::at_work(setting, agent, site).await?);
        }
        Ok(Self { running, desk, vault, clients: at_work, idle })
    }

    /// All clients walk lifecycles for `span`.
    pub(super) async fn work(&mut self, span: Duration) -> Result<Shift, BenchError> {
        let (start, before) = (Instant::now(), self.cpu()?);
        let tasks: Vec<_> =
            self.clients.drain(..).map(|client| tokio::spawn(client.walk_until(start + span))).collect();
        let mut measured = Measured::default();
        for task in tasks {
            let (client, walked) = task.await?;
            measured.add(walked);
            self.clients.push(client);
        }
        let (took, after) = (start.elapsed(), self.cpu()?);
        let cpu = Cpu { desk: after.desk.saturating_sub(before.desk), vault: after.vault.saturating_sub(before.vault) };
        Ok(Shift { measured, took, cpu })
    }

    /// What both had in memory when they had started and nobody had come.
    pub(super) fn idle(&self) -> Memories {
        self.idle
    }

    /// What both have in memory, and had at their fullest.
    pub(super) fn memory(&self) -> Result<Memories, BenchError> {
        Ok(Memories { desk: self.desk.memory()?, vault: self.vault.memory()? })
    }

    pub(super) async fn close(self) -> Result<(), BenchError> {
        self.running.stop().await.map_err(HouseError::from)?;
        Ok(())
    }

    fn cpu(&self) -> Result<Cpu, BenchError> {
        Ok(Cpu { desk: self.desk.cpu()?, vault: self.vault.cpu()? })
    }
}
