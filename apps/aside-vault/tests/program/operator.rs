//! Who may give an operator's commands: the vault's own user and root, as the system names them, and nobody else.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use aside_vault_store::Store as _;

use crate::folder::{Folder, refusal};

/// `nobody`, who runs no vault.
const ANOTHER_USER: u32 = 65_534;

/// The one line with which a command of another user ends, who has the program and may read the configuration.
fn refused_to_another(folder: &Folder, program: &Path, words: &[&str]) -> String {
    let run = folder.command_of(program, words).uid(ANOTHER_USER).gid(ANOTHER_USER).output();
    refusal(run.unwrap())
}

#[tokio::test]
async fn another_user_of_the_machine_gives_no_commands_even_where_the_socket_was_opened_to_all() {
    let folder = Folder::new();
    if fs::metadata(folder.path()).unwrap().uid() != 0 {
        println!("not tried: only root can run a program as another user");
        return;
    }
    let running = folder.started();
    let program = folder.path().join("aside-vault");
    fs::copy(env!("CARGO_BIN_EXE_aside-vault"), &program).unwrap();
    for (name, mode) in [("", 0o755), ("aside-vault", 0o755), ("vault.toml", 0o644)] {
        folder.allow(name, mode);
    }
    let refused = refused_to_another(&folder, &program, &["keys", "list"]);
    assert!(refused.contains("is for the vault's own user and root"), "{refused}");

    // Whatever became of its folder and its permissions: the socket asks the system who calls.
    folder.allow("vault", 0o755);
    folder.allow("vault/operator.sock", 0o666);
    for words in [&["keys", "list"][..], &["keys", "rotate"], &["api-key", "revoke", "1"]] {
        let refused = refused_to_another(&folder, &program, words);
        assert!(refused.starts_with("the vault gave no answer"), "{words:?}: {refused}");
    }
    folder.said(&["keys", "list"], "");
    assert_eq!(running.stopped(), Some(0));
    let rows = folder.store().audit(0, 1_000).await.unwrap();
    let counted: Vec<_> = rows.iter().filter(|row| row.act == "operator").collect();
    assert_eq!(counted.iter().filter_map(|row| row.count).sum::<u64>(), 3, "{counted:?}");
    assert!(counted.iter().all(|row| row.outcome == "other_user"), "{counted:?}");
}
