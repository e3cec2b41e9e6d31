//! A folder with all that a vault needs, and the vault that runs in it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use aside_base::{SeededRng, SiteId, Timestamp};
use aside_vault_domain::{Caller, Occasion};
use aside_vault_store::Store as _;
use aside_vault_store_sqlite::SqliteStore;
use aside_wire::{Keeping, SiteProfile};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

/// Certificates, a configuration, and what the vault makes itself.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// With the plain key file.
    pub(crate) fn new() -> Self {
        Self::with_keys("")
    }

    /// With these lines in the configuration of keys.
    pub(crate) fn with_keys(keys: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["vault".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
        folder.write("ca.pem", &ca.pem());
        folder.write("vault.pem", &certificate.pem());
        folder.write("vault-key.pem", &key.serialize_pem());
        folder.configure(keys);
        folder
    }

    pub(crate) fn configure(&self, keys: &str) {
        self.configure_on("127.0.0.1:0", keys);
    }

    /// As [`Self::configure`], to listen for browsers at `public`.
    pub(crate) fn configure_on(&self, public: &str, keys: &str) {
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
[keys]
{keys}
"#
            ),
        );
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
        self.allow(name, 0o600);
    }

    /// Sets who may do what with a file or folder in here.
    pub(crate) fn allow(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_aside-vault")), words)
    }

    /// As [`Self::command`], of the program at `program`.
    pub(crate) fn command_of(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).arg("--config").arg(self.path().join("vault.toml"));
        command.env("SOFTHSM2_CONF", self.path().join("softhsm2.conf")).env_remove("CREDENTIALS_DIRECTORY");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command with `typed` on its standard input.
    fn run(&self, words: &[&str], typed: &str) -> Output {
        let mut child = self.command(words).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What a command says that does what it was asked.
    pub(crate) fn said(&self, words: &[&str], typed: &str) -> String {
        let Output { status, stdout, stderr } = self.run(words, typed);
        assert!(status.success(), "{words:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    /// The one line with which a command refuses.
    pub(crate) fn refused(&self, words: &[&str], typed: &str) -> String {
        refusal(self.run(words, typed))
    }

    /// Starts the vault and waits for its ready line.
    pub(crate) fn started(&self) -> Running {
        let mut child = self.command(&["serve"]).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Running { child, public: ready["ready"]["public"].as_str().unwrap().to_owned() }
    }

    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.path().join("vault/vault.sqlite"), &SeededRng::new(1)).unwrap()
    }

    /// The vault's store, with a site in it.
    pub(crate) async fn store_with_a_site(&self) -> (SqliteStore, SiteId, Occasion) {
        let (store, site) = (self.store(), "northwind".parse::<SiteId>().unwrap());
        let profile = SiteProfile {
            brand: "Northwind".into(),
            origins: Vec::new(),
            privacy_url: None,
            contact_url: None,
            keeping: Keeping::default(),
        };
        let on = Occasion { now: Timestamp(1), caller: Caller::vault() };
        store.put_site(on.clone(), site.clone(), profile).await.unwrap();
        (store, site, on)
    }
}

/// The one line with which a program that was run refused.
pub(crate) fn refusal(run: Output) -> String {
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert_eq!((run.status.code(), run.stdout.len(), stderr.lines().count()), (Some(2), 0, 1), "{stderr}");
    stderr.trim_end().to_owned()
}

/// A vault that serves.
pub(crate) struct Running {
    child: Child,
    public: String,
}

impl Running {
    /// Status and body of what the public port answers at `path`.
    pub(crate) fn answer(&self, path: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.public).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: vault.localhost:8081\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap())
    }

    /// Asks it to end and tells how it did.
    pub(crate) fn stopped(mut self) -> Option<i32> {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}
