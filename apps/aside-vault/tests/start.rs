//! The program as a process: how it starts, why it does not, how it ends.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use aside_base::{SeededRng, SiteId, Timestamp};
use aside_vault_domain::{Caller, Occasion, SealedSiteKey};
use aside_vault_store::Store as _;
use aside_vault_store_sqlite::SqliteStore;
use aside_wire::SiteProfile;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

/// A folder with all that a vault needs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["vault".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
        folder.write("ca.pem", &ca.pem());
        folder.write("vault.pem", &certificate.pem());
        folder.write("vault-key.pem", &key.serialize_pem());
        folder.configure("127.0.0.1:0");
        folder
    }

    fn configure(&self, public: &str) {
        self.write(
            "vault.toml",
            &format!(
                r#"
                [listen]
                public = "{public}"
                zone = "127.0.0.1:0"
                origin = "http://vault.localhost:8081"
                [data]
                folder = "vault"
                key_folder = "vault-key"
                [tls]
                ca = "ca.pem"
                certificate = "vault.pem"
                key = "vault-key.pem"
                [[desks]]
                name = "desk"
                sites = ["northwind"]
                desk_origin = "http://desk.localhost:8080"
                chat_origin = "http://chat.localhost:8080"
                "#
            ),
        );
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aside-vault"));
        command.args([what, "--config"]).arg(self.path().join("vault.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts the vault and waits for its ready line.
    fn started(&self) -> Running {
        let mut child = self.command("serve").spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Running { child, public: ready["ready"]["public"].as_str().unwrap().to_owned() }
    }

    /// The one line with which it refuses to start.
    fn refused(&self) -> String {
        let Output { status, stdout, stderr } = self.command("serve").output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout.len()), (Some(2), 0), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        stderr.trim_end().to_owned()
    }
}

struct Running {
    child: Child,
    public: String,
}

impl Running {
    fn health(&self) -> String {
        let mut stream = TcpStream::connect(&self.public).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: vault.localhost:8081\r\nConnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    /// Asks it to end and tells how it did.
    fn stopped(mut self) -> Option<i32> {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn it_says_when_it_is_ready_and_ends_cleanly_and_finds_its_data_again() {
    let folder = Folder::new();
    for _ in 0..2 {
        let running = folder.started();
        let health = running.health();
        assert!(health.starts_with("HTTP/1.1 200") && health.ends_with("{\"status\":\"ok\"}"), "{health}");
        assert_eq!(running.stopped(), Some(0));
    }
    let audit = folder.command("audit").output().unwrap();
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stderr));
}

#[test]
fn a_taken_port_is_said_in_one_line_with_the_key_to_change() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    folder.configure(&address.to_string());
    assert_eq!(folder.refused(), format!("{address} is taken by another program; stop it or set listen.public"));
    assert!(!folder.path().join("vault").exists(), "it touched the data of whoever is running");
}

#[test]
fn a_key_file_that_is_wide_broken_or_of_another_vault_is_refused() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    let key = folder.path().join("vault-key/vault.key");
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(folder.refused().contains("chmod 600"), "{}", folder.refused());
    fs::write(&key, "nonsense").unwrap();
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert!(folder.refused().contains("not a key file"), "{}", folder.refused());
    let other = Folder::new();
    assert_eq!(other.started().stopped(), Some(0));
    fs::copy(other.path().join("vault-key/vault.key"), &key).unwrap();
    assert!(folder.refused().contains("another database"), "{}", folder.refused());
}

#[tokio::test]
async fn a_database_without_its_key_file_is_refused_once_something_was_sealed() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    {
        let store = SqliteStore::open(&folder.path().join("vault/vault.sqlite"), &SeededRng::new(1)).unwrap();
        let profile = SiteProfile {
            brand: "Northwind".into(),
            origins: Vec::new(),
            privacy_url: None,
            contact_url: None,
            keeping: aside_wire::Keeping::default(),
        };
        let (site, on) =
            ("northwind".parse::<SiteId>().unwrap(), Occasion { now: Timestamp(1), caller: Caller::vault() });
        store.put_site(on.clone(), site.clone(), profile).await.unwrap();
        store.put_site_key(on, site, SealedSiteKey { version: 1, provider: None, sealed: vec![7; 61] }).await.unwrap();
    }
    assert_eq!(folder.started().stopped(), Some(0));
    fs::remove_file(folder.path().join("vault-key/vault.key")).unwrap();
    let error = folder.refused();
    assert!(error.contains("vault.key is missing"), "{error}");
    assert!(!folder.path().join("vault-key/vault.key").exists(), "a new key file would hide the loss");
}

#[test]
fn trouble_with_certificates_and_configuration_is_named() {
    let folder = Folder::new();
    folder.write("vault-key.pem", &KeyPair::generate().unwrap().serialize_pem());
    assert!(folder.refused().contains("tls.key"), "{}", folder.refused());
    fs::remove_file(folder.path().join("ca.pem")).unwrap();
    assert!(folder.refused().contains("tls.ca"), "{}", folder.refused());
    folder.write("vault.toml", "[listen]\npublic = \"127.0.0.1:0\"\nport = 1\n");
    let error = folder.refused();
    assert!(error.contains("vault.toml") && error.contains("port"), "{error}");
    fs::remove_file(folder.path().join("vault.toml")).unwrap();
    assert!(folder.refused().contains("cannot be read"), "{}", folder.refused());
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
    let error = folder.refused();
    assert!(error.contains("vault.sqlite"), "{error}");
}
