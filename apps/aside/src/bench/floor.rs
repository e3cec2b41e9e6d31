//! The floor: how many empty POSTs a second the same web stack answers here when it does nothing at all.
//!
//! Served by a process of its own, as the programs are, with the same plumbing, and asked by the same number of the same
//! clients in the same closed loop.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use aside_base::Origin;
use aside_operate::{Shutdown, StartError, bind, say_ready};
use aside_web::{HostRouter, Plumbing, plumb, serve as serve_router};
use axum::Router;
use axum::routing::post;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{BenchError, Load};
use crate::house::local;
use crate::journey::{Body, Browser, Initiator, JourneyError};

/// Long enough to be steady, short beside the bench itself.
const LONGEST: Duration = Duration::from_secs(3);

/// Serves the empty echo on `port` until it is asked to stop.
///
/// # Errors
/// When the port is taken.
pub async fn serve(port: u16) -> Result<(), StartError> {
    let origin: Origin = origin(port).parse().map_err(StartError::new)?;
    let router = plumb(Router::new().route("/", post(|| async {})), Plumbing::default());
    let listener = bind(local(port), "--port").await?;
    let shutdown = Shutdown::on_signal()?;
    say_ready(&[("public", local(port))]);
    serve_router(listener, HostRouter::new().host(&origin, router).into_router(), async move {
        shutdown.asked().await;
    })
    .await;
    Ok(())
}

/// Echoes a second.
pub(super) async fn measure(own_program: &Path, port: u16, load: Load) -> Result<f64, BenchError> {
    let no_floor =
        |reason: String| BenchError::Journey(JourneyError::NoAnswer { step: "serve the floor".into(), reason });
    let mut server = Command::new(own_program)
        .args(["floor", "--port", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| no_floor(error.to_string()))?;
    let output = server.stdout.take().ok_or_else(|| no_floor("it has no output".into()))?;
    let ready = BufReader::new(output).lines().next_line().await.map_err(|error| no_floor(error.to_string()))?;
    ready.ok_or_else(|| no_floor("it ended at once".into()))?;

    let start = Instant::now();
    let end = start + load.span.min(LONGEST);
    let mut tasks = Vec::with_capacity(load.clients);
    for _ in 0..load.clients {
        tasks.push(tokio::spawn(echo_until(Browser::new()?, origin(port), end)));
    }
    let mut echoes = 0_u32;
    for task in tasks {
        echoes += task.await??;
    }
    let took = start.elapsed();
    server.kill().await.map_err(|error| no_floor(error.to_string()))?;
    Ok(f64::from(echoes) / took.as_secs_f64())
}

async fn echo_until(mut browser: Browser, origin: String, end: Instant) -> Result<u32, JourneyError> {
    let url = format!("{origin}/");
    let mut echoes = 0;
    while Instant::now() < end {
        browser.send(http::Method::POST, &url, Initiator::Page(&origin), Body::Empty).await?.expect("echo", &[200])?;
        echoes += 1;
    }
    Ok(echoes)
}

fn origin(port: u16) -> String {
    format!("http://floor.localhost:{port}")
}
