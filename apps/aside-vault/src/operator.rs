//! What an operator types: the commands that ask the vault over its socket, and what is typed where nobody shall read it.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use aside_operate::{Loaded, StartError, SystemRng, load};
use aside_vault_http::operator::{SOCKET, ask};
use aside_vault_keys::{has_passphrase, set_passphrase};
use aside_vault_keys_pkcs11::make_key;
use aside_vault_store_sqlite::SqliteStore;
use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::keys::{Source, file_plan, found, token_plan};
use crate::print;

/// How often a move is looked at that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Which vault is meant, and how it answers.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// Say it as one JSON object.
    #[arg(long)]
    json: bool,
}

/// `aside-vault keys …`
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Lists every key: provider, versions, ages, and how much each seals. Never a key.
    List(Asked),
    /// Says whether the provider can be used, and how far a move has come.
    Status(Asked),
    /// Makes a newer key for one site, or for all. What is sealed from now on is sealed with it.
    Rotate {
        #[command(flatten)]
        asked: Asked,
        /// The site; all where none is said.
        #[arg(long)]
        site: Option<String>,
    },
    /// Moves everything to the newest keys and to the configured provider, while the vault serves.
    Rewrap {
        #[command(flatten)]
        asked: Asked,
        /// Waits until everything is moved; exit code 1 when something could not be.
        #[arg(long)]
        wait: bool,
    },
    /// Deletes a former key that nothing depends on any more.
    Retire {
        #[command(flatten)]
        asked: Asked,
        /// The site.
        #[arg(long)]
        site: String,
        /// The version.
        #[arg(long)]
        version: u32,
    },
    /// Puts the key file under a passphrase, or changes it: standard input has the former one, if any, then the new one, a line
    /// each. Works on the file alone.
    Passphrase {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Makes the configured key in its security module: AES-256, never to leave it.
    Make {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
}

/// `aside-vault api-key …`
#[derive(Debug, Subcommand)]
pub(crate) enum ApiKey {
    /// Makes a key of the vault's API and shows it, once.
    Create {
        #[command(flatten)]
        asked: Asked,
        /// The site whose answers it may open.
        #[arg(long)]
        site: String,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// What it may do: detokenise, describe, export, erase.
        #[arg(long = "scope", required = true, value_delimiter = ',')]
        scopes: Vec<String>,
        /// Which kinds of answers it may open, such as card_number.
        #[arg(long = "kind", value_delimiter = ',')]
        kinds: Vec<String>,
        /// Where it may be used from, such as 192.0.2.0/24.
        #[arg(long = "network", required = true, value_delimiter = ',')]
        networks: Vec<String>,
        /// How many answers a minute.
        #[arg(long, default_value_t = 60)]
        per_minute: u32,
        /// How many days it lives, 1 to 365.
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// Lists the keys of the vault's API. Never a key.
    List(Asked),
    /// Ends a key, for good.
    Revoke {
        #[command(flatten)]
        asked: Asked,
        /// The key's id, as the list shows it.
        id: String,
    },
}

pub(crate) async fn keys(command: Keys) -> Result<(), StartError> {
    match command {
        Keys::List(asked) => asked.show(Method::GET, "/v1/keys", None, list).await,
        Keys::Status(asked) => asked.show(Method::GET, "/v1/keys", None, status).await,
        Keys::Rotate { asked, site } => {
            let body = json!({ "site": site });
            asked.show(Method::POST, "/v1/keys/rotate", Some(&body), rotated).await
        }
        Keys::Rewrap { asked, wait: false } => asked.show(Method::POST, "/v1/keys/rewrap", None, moving).await,
        Keys::Rewrap { asked, wait: true } => asked.wait_for_rewrap().await,
        Keys::Retire { asked, site, version } => {
            let body = json!({ "site": site, "version": version });
            let said = format!("Version {version} of {site} is deleted.");
            asked.show(Method::POST, "/v1/keys/retire", Some(&body), |_| said.clone()).await
        }
        Keys::Passphrase { config } => passphrase(&load::<Config>(&config)?),
        Keys::Make { config } => make(&load::<Config>(&config)?),
    }
}

/// `aside-vault unseal`: the passphrase or PIN from standard input.
pub(crate) async fn unseal(asked: Asked) -> Result<(), StartError> {
    let typed = secret("Passphrase: ")?;
    let body = json!({ "passphrase": typed.as_str() });
    asked.show(Method::POST, "/v1/keys/unseal", Some(&body), |_| "The keys are unsealed.".to_owned()).await
}

pub(crate) async fn api_key(command: ApiKey) -> Result<(), StartError> {
    match command {
        ApiKey::Create { asked, site, name, scopes, kinds, networks, per_minute, days } => {
            for network in &networks {
                let address = network.split('/').next().unwrap_or_default();
                if address.parse::<IpAddr>().is_err() {
                    return Err(StartError(format!("{network} is no network such as 192.0.2.0/24")));
                }
            }
            let body = json!({
                "site": site, "name": name, "scopes": scopes, "kinds": kinds, "networks": networks,
                "per_minute": per_minute, "days": days,
            });
            let made = |answer: &Value| {
                let key = answer["key"].as_str().unwrap_or_default();
                format!("{key}\n\nThis is the only time the key is shown. Its id is {}.", text(&answer["id"]))
            };
            asked.show(Method::POST, "/v1/api-keys", Some(&body), made).await
        }
        ApiKey::List(asked) => asked.show(Method::GET, "/v1/api-keys", None, pretty).await,
        ApiKey::Revoke { asked, id } => {
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
                return Err(StartError(format!("{id} is no id of a key")));
            }
            let said = format!("The key {id} is revoked.");
            asked.show(Method::POST, &format!("/v1/api-keys/{id}/revoke"), None, |_| said.clone()).await
        }
    }
}

impl Asked {
    async fn show(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        said: impl Fn(&Value) -> String,
    ) -> Result<(), StartError> {
        let answer = self.answer(method, path, body).await?;
        print(&if self.json { answer.to_string() } else { said(&answer) });
        Ok(())
    }

    /// Asks the vault; its refusals are errors in its own words.
    async fn answer(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, StartError> {
        let loaded = load::<Config>(&self.config)?;
        let socket = loaded.path(&loaded.config.data.folder).join(SOCKET);
        let (status, answer) = ask(&socket, method, path, body).await.map_err(StartError::new)?;
        if status.is_success() {
            return Ok(answer);
        }
        let title = answer["title"].as_str().unwrap_or("The vault refused.");
        let field = answer["field"].as_str().map(|field| format!(" ({field})")).unwrap_or_default();
        Err(StartError(format!("{title}{field}")))
    }

    async fn wait_for_rewrap(&self) -> Result<(), StartError> {
        self.answer(Method::POST, "/v1/keys/rewrap", None).await?;
        loop {
            let keys = self.answer(Method::GET, "/v1/keys", None).await?;
            if keys["rewrap"].is_null() {
                let left = still_older(&keys);
                print(&if self.json { keys.to_string() } else { list(&keys) });
                return match left {
                    0 => Ok(()),
                    left => Err(StartError(format!("{left} could not be moved; the log says which"))),
                };
            }
            if keys["provider"]["state"] != "ready" {
                return Err(StartError(format!(
                    "the key provider is {}; the move goes on when it is ready",
                    text(&keys["provider"]["state"])
                )));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// How much is sealed with versions that are not the newest.
fn still_older(keys: &Value) -> u64 {
    let versions = list_of(&keys["sites"]).flat_map(|site| list_of(&site["versions"]));
    versions.filter(|version| version["state"] == "readable").map(sealed_with).sum()
}

fn sealed_with(version: &Value) -> u64 {
    ["data_keys", "code_secrets", "fingerprint_keys"].iter().filter_map(|kind| version[*kind].as_u64()).sum()
}

fn list_of(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn pretty(answer: &Value) -> String {
    // Cannot fail: it was read as JSON.
    serde_json::to_string_pretty(answer).unwrap_or_default()
}

fn status(keys: &Value) -> String {
    let provider = &keys["provider"];
    let state = format!("{} ({}): {}", text(&provider["name"]), text(&provider["kind"]), text(&provider["state"]));
    if keys["rewrap"].is_null() { state } else { format!("{state}\n{}", moving(&keys["rewrap"])) }
}

fn moving(rewrap: &Value) -> String {
    format!("moving: {} of {}, {} cannot be moved", rewrap["done"], rewrap["total"], rewrap["left"])
}

fn rotated(answer: &Value) -> String {
    let lines: Vec<String> = list_of(&answer["sites"])
        .map(|site| format!("{} has version {} now.", text(&site["site"]), site["version"]))
        .collect();
    lines.join("\n")
}

fn list(keys: &Value) -> String {
    let mut lines = vec![status(keys)];
    lines.extend(list_of(&keys["former"]).map(|former| format!("former: {}", text(&former["name"]))));
    for site in list_of(&keys["sites"]) {
        for version in list_of(&site["versions"]) {
            let provider = version["provider"].as_str().map(|name| format!(", by {name}")).unwrap_or_default();
            let made = version["made_at"].as_i64().map(|at| format!(", made {}", day(at))).unwrap_or_default();
            lines.push(format!(
                "{} version {}: {}{made}{provider}; seals {}",
                text(&site["site"]),
                version["version"],
                text(&version["state"]),
                sealed_with(version),
            ));
        }
    }
    lines.join("\n")
}

/// The day of a time in milliseconds since 1970, UTC.
fn day(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map_or_else(|_| millis.to_string(), |at| at.strftime("%Y-%m-%d").to_string())
}

fn database(loaded: &Loaded<Config>) -> Result<uuid::Uuid, StartError> {
    let path = loaded.path(&loaded.config.data.folder).join("vault.sqlite");
    if !path.exists() {
        return Err(StartError(format!("{} is not there: the vault was never started", path.display())));
    }
    let store = SqliteStore::open(&path, &SystemRng::default());
    store.map(|store| store.database()).map_err(|error| StartError(format!("{}: {error}", path.display())))
}

fn passphrase(loaded: &Loaded<Config>) -> Result<(), StartError> {
    let plan = file_plan(loaded, &loaded.config.keys.current, database(loaded)?, false)?;
    let former = match has_passphrase(&plan).map_err(StartError::new)? {
        Some(true) => Some(secret("Former passphrase: ")?),
        Some(false) | None => None,
    };
    let new = secret("New passphrase: ")?;
    set_passphrase(&plan, former.as_ref().map(|typed| typed.as_str()), &new, &SystemRng::default())
        .map_err(StartError::new)?;
    print("The key file is under the new passphrase.");
    Ok(())
}

fn make(loaded: &Loaded<Config>) -> Result<(), StartError> {
    let Source::Pkcs11 { module, token, key, credential } = &loaded.config.keys.current else {
        return Err(StartError::new("keys.provider is not pkcs11: only a security module makes keys by command"));
    };
    let plan = token_plan(loaded, module, token, key)?;
    let pin = match found(loaded, credential.as_deref())? {
        Some(path) => aside_vault_keys::read_credential(&path).map_err(StartError::new)?,
        None => secret("PIN: ")?,
    };
    make_key(&plan, &pin).map_err(StartError::new)?;
    print(&format!("The token {token} has the key {key} now."));
    Ok(())
}

/// One line of standard input, which a terminal does not show.
fn secret(prompt: &str) -> Result<Zeroizing<String>, StartError> {
    let input = std::io::stdin();
    let mut line = Zeroizing::new(String::with_capacity(256));
    if input.is_terminal() {
        let mut screen = std::io::stderr();
        // A prompt that cannot be shown keeps nobody from typing.
        let _ = write!(screen, "{prompt}").and_then(|()| screen.flush());
        let _hidden = Hidden::begin()?;
        input.lock().read_line(&mut line).map_err(StartError::new)?;
        let _ = writeln!(screen);
    } else {
        input.lock().read_line(&mut line).map_err(StartError::new)?;
    }
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    if line.is_empty() { Err(StartError::new("nothing was typed on standard input")) } else { Ok(line) }
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden(nix::sys::termios::Termios);

impl Hidden {
    fn begin() -> Result<Self, StartError> {
        use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).map_err(StartError::new)?;
        let mut quiet = before.clone();
        quiet.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(std::io::stdin(), SetArg::TCSAFLUSH, &quiet).map_err(StartError::new)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // The terminal is gone with whoever looked at it.
        let _ = nix::sys::termios::tcsetattr(std::io::stdin(), nix::sys::termios::SetArg::TCSAFLUSH, &self.0);
    }
}
