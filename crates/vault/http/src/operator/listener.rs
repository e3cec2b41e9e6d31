//! The operator's socket: for the vault's own user and root, nobody else.

use std::fs::{self, Permissions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aside_web::{Connections, serve_stream};
use axum::Extension;
use tokio::net::UnixListener;

use super::{User, router};
use crate::Vault;

/// Serves operators on the socket at `path` until `shutdown` completes. A socket that a former program left there is replaced:
/// whoever calls this holds the folder.
///
/// # Errors
/// When the socket cannot be made.
pub fn serve_operator(
    path: &Path,
    vault: Arc<Vault>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let listener = listen(path)?;
    // Made by us just now: the owner of the file is the user that we are.
    let own = fs::metadata(path).map(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata))?;
    let path = path.to_owned();
    Ok(async move {
        accept(listener, own, vault, shutdown).await;
        // The next start replaces it anyway.
        let _ = fs::remove_file(path);
    })
}

/// Under another name first, so that it is never there for others to open.
fn listen(path: &Path) -> io::Result<UnixListener> {
    let unfinished = path.with_extension("new");
    for left in [path, &unfinished] {
        match fs::remove_file(left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let listener = UnixListener::bind(&unfinished)?;
    fs::set_permissions(&unfinished, Permissions::from_mode(0o600))?;
    fs::rename(&unfinished, path)?;
    Ok(listener)
}

/// Whether `peer` may give commands to a vault that runs as `own`: that user, and root, who could be it anyway.
const fn may_command(peer: User, own: User) -> bool {
    peer.0 == own.0 || peer.0 == 0
}

async fn accept(listener: UnixListener, own: u32, vault: Arc<Vault>, shutdown: impl Future<Output = ()>) {
    let connections = Connections::default();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "cannot accept a connection on the operator's socket");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let user = match stream.peer_cred() {
            Ok(peer) if may_command(User(peer.uid()), User(own)) => User(peer.uid()),
            Ok(peer) => {
                tracing::warn!(user = peer.uid(), "another user was refused at the operator's socket");
                vault.tally.count("operator", "other_user", Ipv4Addr::LOCALHOST.into(), vault.now());
                continue;
            }
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "cannot tell who is at the operator's socket");
                continue;
            }
        };
        let Some(permit) = connections.room().await else { break };
        let router = router(Arc::clone(&vault)).layer(Extension(user));
        let (here, ending) = (SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), connections.ending());
        tokio::spawn(async move {
            serve_stream(stream, here, router, ending).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.drain().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vaults_own_user_and_root_give_commands_and_nobody_else() {
        let (root, own, other, nobody) = (User(0), User(1_000), User(1_001), User(65_534));
        assert!(may_command(own, own) && may_command(root, own) && may_command(root, root));
        for peer in [other, nobody, User(u32::MAX)] {
            assert!(!may_command(peer, own) && !may_command(peer, root), "{peer:?}");
        }
        assert!(!may_command(own, root), "a vault of root's is root's alone");
    }
}
