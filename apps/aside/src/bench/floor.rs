//! The floors: what the same web stack answers here when it does nothing at all, and when it does the least that a store can.
//!
//! Served by a process of its own, as the programs are, with the same plumbing, and asked by the same number of the same
//! clients in the same closed loop.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use aside_base::Origin;
use aside_operate::{Shutdown, StartError, bind, say_ready};
use aside_web::{HostRouter, Plumbing, plumb, serve as serve_router};
use axum::Router;
use axum::routing::post;
use http::Method;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::process::Process;
use super::{BenchError, pair};
use crate::house::local;
use crate::journey::{Body, Browser, Initiator, JourneyError, Setting};

/// Serves both floors on `port`, with what is put away in `folder`, until it is asked to stop.
///
/// # Errors
/// When the port is taken or the folder cannot be used.
pub async fn serve(port: u16, folder: PathBuf) -> Result<(), StartError> {
    let origin: Origin = origin(port).parse().map_err(StartError::new)?;
    let routes = Router::new().route("/", post(|| async {})).merge(pair::router(&folder)?);
    let router = plumb(routes, Plumbing::default());
    let listener = bind(local(port), "--port").await?;
    let shutdown = Shutdown::on_signal()?;
    say_ready(&[("public", local(port))]);
    serve_router(listener, HostRouter::new().host(&origin, router).into_router(), async move {
        shutdown.asked().await;
    })
    .await;
    Ok(())
}

/// The floor's server with its clients, ready to be asked. Killed when dropped.
pub(super) struct Floor {
    server: Child,
    process: Process,
    origin: String,
    clients: Vec<Browser>,
    setting: Setting,
}

/// What a while at a floor brought.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Stay {
    /// Rounds of all clients.
    pub(super) rounds: u64,
    /// How long it took.
    pub(super) took: Duration,
    /// The server's CPU time.
    pub(super) cpu: Duration,
}

impl Stay {
    pub(super) fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.took += other.took;
        self.cpu += other.cpu;
    }

    pub(super) fn per_second(&self) -> f64 {
        self.rounds as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds of CPU time for one round.
    pub(super) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / self.rounds as f64
    }
}

/// What a client does in a round.
#[derive(Debug, Clone, Copy)]
pub(super) enum Round {
    /// One empty POST.
    Echo,
    /// One put and the take of it.
    Pair,
}

impl Floor {
    pub(super) async fn start(
        own_program: &Path,
        folder: &Path,
        port: u16,
        clients: usize,
        setting: &Setting,
    ) -> Result<Self, BenchError> {
        let mut server = Command::new(own_program)
            .args(["floor", "--port", &port.to_string(), "--folder"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(no_floor)?;
        let output = server.stdout.take().ok_or_else(|| no_floor("it has no output"))?;
        let ready = BufReader::new(output).lines().next_line().await.map_err(no_floor)?;
        ready.ok_or_else(|| no_floor("it ended at once"))?;
        let id = server.id().ok_or_else(|| no_floor("it ended at once"))?;
        let clients = (0..clients).map(|_| Browser::new()).collect::<Result<_, _>>()?;
        Ok(Self { server, process: Process::of(id), origin: origin(port), clients, setting: setting.clone() })
    }

    /// All clients walk rounds for `span`.
    pub(super) async fn stay(&mut self, round: Round, span: Duration) -> Result<Stay, BenchError> {
        let (start, cpu) = (Instant::now(), self.process.cpu().map_err(no_floor)?);
        let tasks: Vec<_> = self
            .clients
            .drain(..)
            .map(|client| tokio::spawn(walk(client, self.origin.clone(), self.setting.clone(), round, start + span)))
            .collect();
        let mut rounds = 0;
        for task in tasks {
            let (client, walked) = task.await??;
            rounds += walked;
            self.clients.push(client);
        }
        let cpu = self.process.cpu().map_err(no_floor)?.saturating_sub(cpu);
        Ok(Stay { rounds, took: start.elapsed(), cpu })
    }

    pub(super) async fn stop(mut self) -> Result<(), BenchError> {
        self.server.kill().await.map_err(no_floor)
    }
}

fn no_floor(reason: impl ToString) -> BenchError {
    BenchError::Journey(JourneyError::NoAnswer { step: "measure the floor".into(), reason: reason.to_string() })
}

async fn walk(
    mut browser: Browser,
    origin: String,
    setting: Setting,
    round: Round,
    end: Instant,
) -> Result<(Browser, u64), JourneyError> {
    let (page, bytes) = (Initiator::Page(&origin), [0x5A; pair::BYTES]);
    let (echo, mut rounds) = (format!("{origin}/"), 0);
    while Instant::now() < end {
        match round {
            Round::Echo => {
                browser.send(Method::POST, &echo, page, Body::Empty).await?.expect("echo", &[200])?;
            }
            Round::Pair => {
                let id = setting.fresh_id();
                let put = Body::Raw("application/octet-stream", &bytes);
                browser.send(Method::POST, &format!("{origin}/put/{id}"), page, put).await?.expect("put", &[204])?;
                let take = format!("{origin}/take/{id}");
                let taken = browser.send(Method::POST, &take, page, Body::Empty).await?.expect("take", &[200])?;
                if taken.body != bytes {
                    return Err(JourneyError::lacking("take", "what was put"));
                }
            }
        }
        rounds += 1;
    }
    Ok((browser, rounds))
}

fn origin(port: u16) -> String {
    format!("http://floor.localhost:{port}")
}
