//! What people type: the tour, the bench and the demo as processes.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use aside::house::Programs;
use aside::journey::{Browser, Initiator};
use aside_journey::{Town, unhurried};
use aside_operate::own_program;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

fn aside() -> PathBuf {
    let programs = Programs::beside(&own_program().unwrap()).unwrap_or_else(|missing| panic!("{missing}"));
    let aside = programs.desk.with_file_name("aside");
    assert!(aside.is_file(), "build it with: cargo build -p aside");
    aside
}

#[tokio::test]
async fn the_tour_holds_and_says_so_in_json() {
    let output = Command::new(aside()).args(["tour", "--json"]).output().await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let failed: Vec<&Value> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["checks"].as_array().unwrap())
        .filter(|check| check["ok"] != true)
        .collect();
    assert_eq!((failed, output.status.code()), (vec![], Some(0)));
    assert_eq!(report["ok"], true);
}

#[tokio::test]
async fn the_bench_measures_whole_lifecycles_without_an_error() {
    let arguments = ["bench", "--json", "--seconds", "1", "--clients", "2"];
    let output = Command::new(aside()).args(arguments).output().await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["errors"].as_u64(), output.status.code()), (Some(0), Some(0)), "{report}");
    assert!(report["lifecycles_per_s"].as_f64().is_some_and(|rate| rate > 0.0));
    assert!(report["floor"]["echo_per_s"].as_f64().is_some_and(|rate| rate > 0.0));
    for step in ["send", "open", "submit", "grant", "view"] {
        assert!(report["steps"][step]["p99"].as_f64().is_some_and(|time| time > 0.1), "{step}");
    }
}

#[tokio::test]
async fn the_demo_shows_where_to_go_and_finds_its_data_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let (mut demo, places) = start_demo(&data).await;
    let mut browser = Browser::new().unwrap();
    let start = places["start"].as_str().unwrap();
    let page = browser.get(&format!("{start}/"), Initiator::Person).await.unwrap();
    assert_eq!(page.status, 200);
    let people = places["people"].as_array().unwrap();
    assert_eq!(people.len(), 4);
    for person in people {
        assert!(page.text().contains(person["password"].as_str().unwrap()));
    }
    // Dana and Sam sign in and confirm with a code, Robin signs in with one.
    let codes = browser.get(&format!("{start}/codes"), Initiator::Page(start)).await.unwrap().value();
    let codes = codes["codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 5);
    assert!(codes.iter().all(|code| code.as_str().is_some_and(|code| code.len() == 7)), "{codes:?}");
    let site = browser.get(&format!("{}/", places["site"].as_str().unwrap()), Initiator::Person).await.unwrap();
    assert!(site.text().contains(&format!("{}/loader.js", places["chat"].as_str().unwrap())));
    let port = start.rsplit(':').next().unwrap();
    let other = browser.get(&format!("http://other.localhost:{port}/"), Initiator::Person).await.unwrap();
    assert_eq!(other.status, 421);
    assert!(!other.text().contains("password"));
    stop(&mut demo).await;

    let (mut demo, again) = start_demo(&data).await;
    assert_eq!(again, places);
    stop(&mut demo).await;
}

#[tokio::test]
async fn an_empty_house_begins_with_a_site_and_an_admin() {
    let town = Town::prepare(unhurried(), None).await;
    let config = town.house.folders.file("desk.toml");
    let run = async |arguments: &[&str], input: &str| run(&aside(), arguments, &config, input).await;
    let site = ["site", "create", "southpoint", "--brand", "Southpoint", "--origin", "http://southpoint.localhost:1"];
    let admin = ["admin", "create", "--site", "southpoint", "--name", "ines", "--display-name", "Ines"];
    let (code, said) = run(&admin, "a-first-password-1\n").await;
    assert_eq!((code, said.as_str()), (Some(2), "there is no site southpoint; create it first"));
    assert_eq!(run(&site, "").await, (Some(0), "site southpoint created".into()));
    assert_eq!(run(&site, "").await, (Some(0), "site southpoint exists".into()));
    assert_eq!(run(&admin, "").await.0, Some(2), "no password");
    assert_eq!(run(&admin, "a-first-password-1\n").await, (Some(0), "admin ines created".into()));
    assert_eq!(run(&admin, "another-password-1\n").await, (Some(0), "admin ines exists".into()));
}

#[tokio::test]
async fn the_vaults_commands_pass_through_with_what_is_typed_and_what_is_answered() {
    let mut town = Town::prepare(unhurried(), None).await;
    let config = town.house.folders.file("vault.toml");
    let (code, said) = run(&aside(), &["keys", "list"], &config, "").await;
    assert!(code == Some(2) && said.starts_with("the vault is not running"), "{said}");

    town.start().await;
    let vault = aside().with_file_name("aside-vault");
    let commands: [(&[&str], &str, i32, &str); 8] = [
        (&["keys", "list"], "", 0, "(file): ready"),
        (&["keys", "list", "--json"], "", 0, "\"AES-256-GCM\""),
        (&["keys", "rotate", "--site", "nowhere"], "", 2, "There is no such site"),
        (&["keys", "--help"], "", 0, "rewrap"),
        (&["unseal"], "", 2, "nothing was typed"),
        (&["unseal"], "correct horse battery staple\n", 2, "unsealed"),
        (&["api-key", "list"], "", 0, "[]"),
        (&["api-key", "revoke", "../keys"], "", 2, "no id"),
    ];
    for (command, typed, code, said) in commands {
        let through = run(&aside(), command, &config, typed).await;
        assert!(through.0 == Some(code) && through.1.contains(said), "{command:?}: {through:?}");
        assert_eq!(through, run(&vault, command, &config, typed).await, "{command:?}");
    }
    town.stop().await;
}

#[tokio::test]
async fn a_second_demo_on_the_same_data_is_told_which_port_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let (mut demo, _) = start_demo(&data).await;
    let second = Command::new(aside()).args(["demo", "--free-ports", "--data"]).arg(&data).output().await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!((second.status.code(), said.trim().lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("is taken by another program"), "{said}");
    stop(&mut demo).await;
}

/// Runs a command with `typed` on its standard input, and tells its exit code and all that it said.
async fn run(program: &Path, command: &[&str], config: &Path, typed: &str) -> (Option<i32>, String) {
    let mut child = Command::new(program)
        .args(command)
        .arg("--config")
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may have ended by now.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes()).await;
    let output = child.wait_with_output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).trim().to_owned())
}

async fn start_demo(data: &Path) -> (Child, Value) {
    let mut demo = Command::new(aside())
        .args(["demo", "--free-ports", "--json", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let line = BufReader::new(demo.stdout.take().unwrap()).lines().next_line().await.unwrap();
    (demo, serde_json::from_str(&line.expect("it says where it is")).unwrap())
}

async fn stop(demo: &mut Child) {
    let id = i32::try_from(demo.id().unwrap()).unwrap();
    kill(Pid::from_raw(id), Signal::SIGINT).unwrap();
    assert!(demo.wait().await.unwrap().success());
}
