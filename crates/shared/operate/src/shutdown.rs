//! The end of a program: SIGTERM or SIGINT, told to every part at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::StartError;

/// Known to every part of the program; [`Shutdown::asked`] completes when it should stop.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Stops at SIGTERM or SIGINT. A second signal ends the program at once.
    ///
    /// # Errors
    /// The signals cannot be listened to.
    pub fn on_signal() -> Result<Self, StartError> {
        let listen = |kind| signal(kind).map_err(|error| StartError(format!("cannot listen to signals: {error}")));
        let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            for first in [true, false] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                if !first {
                    std::process::exit(130);
                }
                tracing::info!("stopping");
                sender.send_replace(true);
            }
        });
        Ok(Self(receiver))
    }

    /// A shutdown that the caller asks for through the sender, for tests and embedding.
    #[must_use]
    pub fn by_hand() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Completes when the program should stop.
    pub async fn asked(mut self) {
        // A sender that is gone will never ask; stopping is the safe reading.
        let _ = self.0.wait_for(|asked| *asked).await;
    }

    /// Whether it should stop already.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_clone_hears_it() {
        let (sender, shutdown) = Shutdown::by_hand();
        let other = shutdown.clone();
        assert!(!other.is_asked());
        sender.send_replace(true);
        shutdown.asked().await;
        other.asked().await;
    }
}
