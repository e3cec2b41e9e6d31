//! A program that must not start says why in one clear line.

use std::fs;
use std::net::TcpListener;

use aside::house::{Launch, Program, local};
use aside_journey::{Town, unhurried};
use aside_wire::Channel;

/// Starts a program that must refuse, and answers its last line.
async fn refusal(launch: Launch) -> String {
    let error = Program::start(launch).await.expect_err("it refuses to start").to_string();
    assert!(error.contains("exit status: 2"), "{error}");
    error
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_key_to_change() {
    let town = Town::prepare(unhurried(), None).await;
    let ports = town.house.ports;
    for (port, launch, key) in [
        (ports.desk, town.house.desk(), "listen.public"),
        (ports.vault, town.house.vault(), "listen.public"),
        (ports.zone, town.house.vault(), "listen.zone"),
    ] {
        let _other = TcpListener::bind(local(port)).unwrap();
        let line = refusal(launch).await;
        assert!(line.contains(&format!("127.0.0.1:{port} is taken")) && line.contains(key), "{line}");
    }
}

#[tokio::test]
async fn a_vault_database_without_its_key_file_is_refused_and_nothing_is_made_anew() {
    let mut town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &[("note", "sealed under the key")]).await.unwrap();
    town.stop().await;
    let folder = town.house.folders.vault_key();
    let kept = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let away = town.folder().join("away");
    fs::rename(&kept, &away).unwrap();
    let line = refusal(town.house.vault()).await;
    assert!(line.contains("key"), "{line}");
    assert!(!kept.exists(), "a new key file would hide the loss");
    fs::rename(&away, &kept).unwrap();
    town.start().await;
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut town = Town::build().await;
    town.stop().await;
    let kept = fs::read_dir(town.house.folders.vault_key()).unwrap().next().unwrap().unwrap().path();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
    let line = refusal(town.house.vault()).await;
    assert!(line.contains("key"), "{line}");
}

#[tokio::test]
async fn a_database_of_a_newer_schema_is_refused_by_both_programs() {
    let mut town = Town::build().await;
    town.stop().await;
    for (database, launch) in [
        (town.house.folders.desk().join("desk.sqlite"), town.house.desk()),
        (town.house.folders.vault().join("vault.sqlite"), town.house.vault()),
    ] {
        let connection = rusqlite::Connection::open(&database).unwrap();
        let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
            VALUES (9999, 'from_the_future', '2099-01-01T00:00:00Z', '1')";
        connection.execute(newer, ()).unwrap();
        connection.close().unwrap();
        let line = refusal(launch).await;
        assert!(line.contains("schema"), "{line}");
    }
}

#[tokio::test]
async fn a_damaged_configuration_is_refused_with_file_and_key() {
    let town = Town::prepare(unhurried(), None).await;
    for launch in [town.house.desk(), town.house.vault()] {
        let text = fs::read_to_string(&launch.config).unwrap();
        fs::write(&launch.config, format!("{text}\n[listening]\nport = 1\n")).unwrap();
        let line = refusal(launch.clone()).await;
        assert!(line.contains("listening") && line.contains(".toml"), "{line}");
        fs::write(&launch.config, text.replace("-key.pem", "-lost.pem")).unwrap();
        let line = refusal(launch).await;
        assert!(line.contains("-lost.pem"), "{line}");
    }
}
