//! How the program starts, why it does not, how it ends.

use std::fs;
use std::net::TcpListener;

use aside_vault_domain::SealedSiteKey;
use aside_vault_store::Store as _;
use rcgen::KeyPair;
use serde_json::json;

use crate::folder::Folder;

/// The vault refuses to start, in one line that says `why`.
fn refuses_to_start(folder: &Folder, why: &str) {
    let said = folder.refused(&["serve"], "");
    assert!(said.contains(why), "{said}");
}

#[test]
fn it_says_when_it_is_ready_and_ends_cleanly_and_finds_its_data_again() {
    let folder = Folder::new();
    for _ in 0..2 {
        let running = folder.started();
        assert_eq!(running.answer("/healthz"), (200, json!({ "status": "ok" })));
        assert_eq!(running.stopped(), Some(0));
    }
    folder.said(&["audit"], "");
}

#[test]
fn a_taken_port_is_said_in_one_line_with_the_key_to_change() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    folder.configure_on(&address.to_string(), "");
    let said = format!("{address} is taken by another program; stop it or set listen.public");
    assert_eq!(folder.refused(&["serve"], ""), said);
    assert!(!folder.path().join("vault").exists(), "it touched the data of whoever is running");
}

#[test]
fn a_key_file_that_is_wide_broken_or_of_another_vault_is_refused() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    let key = folder.path().join("vault-key/vault.key");
    folder.allow("vault-key/vault.key", 0o644);
    refuses_to_start(&folder, "chmod 600");
    fs::write(&key, "nonsense").unwrap();
    folder.allow("vault-key/vault.key", 0o600);
    refuses_to_start(&folder, "not a key file");
    let other = Folder::new();
    assert_eq!(other.started().stopped(), Some(0));
    fs::copy(other.path().join("vault-key/vault.key"), &key).unwrap();
    refuses_to_start(&folder, "another database");
}

#[tokio::test]
async fn a_database_without_its_key_file_is_refused_once_something_was_sealed() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    {
        let (store, site, on) = folder.store_with_a_site().await;
        store.put_site_key(on, site, SealedSiteKey { version: 1, provider: None, sealed: vec![7; 61] }).await.unwrap();
    }
    assert_eq!(folder.started().stopped(), Some(0));
    fs::remove_file(folder.path().join("vault-key/vault.key")).unwrap();
    refuses_to_start(&folder, "vault.key is missing");
    assert!(!folder.path().join("vault-key/vault.key").exists(), "a new key file would hide the loss");
}

#[test]
fn trouble_with_certificates_and_configuration_is_named() {
    let folder = Folder::new();
    folder.write("vault-key.pem", &KeyPair::generate().unwrap().serialize_pem());
    refuses_to_start(&folder, "tls.key");
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    refuses_to_start(&folder, "tls.ca");
    folder.write("vault.toml", "[listen]\npublic = \"127.0.0.1:0\"\nport = 1\n");
    refuses_to_start(&folder, "vault.toml");
    refuses_to_start(&folder, "port");
    fs::remove_file(folder.path().join("vault.toml")).unwrap();
    refuses_to_start(&folder, "cannot be read");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    fs::write(
        folder.path().join("vault/vault.sqlite"),
        b"this is no database, and never was one; it only has its name",
    )
    .unwrap();
    refuses_to_start(&folder, "vault.sqlite");
}
