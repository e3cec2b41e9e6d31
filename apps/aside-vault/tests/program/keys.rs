//! The operator's commands: keys under a passphrase, in a security module, and moved from one to the other.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::Arc;

use aside_base::SeededRng;
use aside_vault_domain::SealedSiteKey;
use aside_vault_keys::{KeyFile, SiteKey};
use aside_vault_store::Store as _;
use serde_json::Value;

use crate::folder::{Folder, Running};

const PASSPHRASE: &str = "correct horse battery staple";
const PIN: &str = "135246";
const TOKEN: &str = "provider = \"pkcs11\"\nmodule = \"/usr/lib/softhsm/libsofthsm2.so\"\ntoken = \"aside\"\nkey = \"vault\"\ncredential = \"./pin\"\n";

impl Folder {
    fn keys(&self) -> Value {
        serde_json::from_str(&self.said(&["keys", "list", "--json"], "")).unwrap()
    }

    fn make_token(&self) {
        fs::create_dir(self.path().join("tokens")).unwrap();
        let tokens = self.path().join("tokens");
        self.write(
            "softhsm2.conf",
            &format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display()),
        );
        self.write("pin", PIN);
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "aside", "--so-pin", "975310", "--pin", PIN])
            .env("SOFTHSM2_CONF", self.path().join("softhsm2.conf"))
            .output()
            .unwrap_or_else(|error| panic!("softhsm2-util: {error}: install softhsm2"));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// A site with a key, as a vault of the first schema keeps them: sealed by the plain key file, which nobody has named.
    async fn with_a_former_site_key(&self) {
        let (store, site, on) = self.store_with_a_site().await;
        let rng = Arc::new(SeededRng::new(2));
        let key_file =
            KeyFile::open_or_create(&self.path().join("vault-key"), store.database(), false, rng.clone()).unwrap();
        let (_, sealed) = SiteKey::generate(&site, 1, &key_file, rng.as_ref()).await.unwrap();
        store.put_site_key(on, site, SealedSiteKey { version: 1, provider: None, sealed }).await.unwrap();
    }
}

impl Running {
    fn readiness(&self) -> (u16, Value) {
        self.answer("/health/ready")
    }

    /// Waits until the vault has found by itself that its keys are `state`.
    #[expect(
        clippy::disallowed_methods,
        reason = "what a program found by itself is no event outside: it is asked again"
    )]
    fn until_keys_are(&self, state: &str) {
        // The vault looks every 15 s at the latest.
        for _ in 0..600 {
            if self.readiness().1["keys"] == state {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("still {}", self.readiness().1);
    }
}

#[test]
fn a_vault_under_a_passphrase_starts_sealed_and_an_operator_unseals_it() {
    let folder = Folder::with_keys("passphrase = true");
    assert!(folder.refused(&["keys", "list"], "").starts_with("the vault is not running"));
    let running = folder.started();
    assert_eq!((running.readiness().0, &running.readiness().1["keys"]), (503, &Value::from("sealed")));
    let socket = fs::metadata(folder.path().join("vault/operator.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
    assert!(folder.refused(&["unseal"], "too short\n").contains("16 characters"));
    assert!(folder.refused(&["unseal"], "").contains("nothing was typed"));
    folder.said(&["unseal"], &format!("{PASSPHRASE}\n"));
    assert_eq!((running.readiness().0, &running.readiness().1["key_provider"]), (200, &Value::from("file")));
    assert_eq!(running.stopped(), Some(0));
    assert!(!folder.path().join("vault/operator.sock").exists());

    let running = folder.started();
    assert!(folder.refused(&["unseal"], "wrong passphrase, long\n").contains("passphrase is wrong"));
    folder.said(&["unseal"], PASSPHRASE);
    assert!(folder.refused(&["unseal"], PASSPHRASE).contains("already"));
    assert_eq!(running.readiness().0, 200);
    assert_eq!(running.stopped(), Some(0));

    // The operating system hands it over: nobody types.
    folder.write("secret", PASSPHRASE);
    folder.configure("passphrase = true\ncredential = \"./secret\"");
    let running = folder.started();
    assert_eq!(running.readiness().0, 200);
    assert_eq!(running.stopped(), Some(0));
}

#[test]
fn a_plain_key_file_is_put_under_a_passphrase_and_stays_the_same_key() {
    let folder = Folder::new();
    let running = folder.started();
    let plain = folder.keys()["provider"]["name"].clone();
    assert_eq!(running.stopped(), Some(0));
    folder.configure("passphrase = true");
    assert!(folder.refused(&["serve"], "").contains("aside-vault keys passphrase"));
    folder.said(&["keys", "passphrase"], &format!("{PASSPHRASE}\n"));
    assert!(folder.refused(&["keys", "passphrase"], "wrong\nanother passphrase\n").contains("wrong"));
    folder.said(&["keys", "passphrase"], &format!("{PASSPHRASE}\nanother passphrase\n"));
    let running = folder.started();
    folder.said(&["unseal"], "another passphrase\n");
    assert_eq!(folder.keys()["provider"]["name"], plain);
    assert_eq!(running.stopped(), Some(0));
}

#[tokio::test]
async fn site_keys_move_from_an_older_vaults_key_file_into_a_security_module_while_it_serves() {
    let folder = Folder::new();
    assert_eq!(folder.started().stopped(), Some(0));
    folder.with_a_former_site_key().await;
    let running = folder.started();
    assert_eq!(folder.keys()["sites"][0]["versions"][0]["provider"], Value::Null);
    folder.said(&["keys", "rewrap", "--wait"], "");
    let keys = folder.keys();
    let file = keys["provider"]["name"].as_str().unwrap();
    assert_eq!(keys["sites"][0]["versions"][0]["provider"], file, "an older vault's key is this file's");
    assert_eq!(running.stopped(), Some(0));

    folder.make_token();
    folder.configure(TOKEN);
    let refused = folder.refused(&["serve"], "");
    assert!(refused.contains(&format!("sealed by {file}, which is not configured")), "{refused}");
    folder.configure(&format!("{TOKEN}[[keys.former]]\nprovider = \"file\"\n"));
    // The token has no key yet: the vault starts all the same, and says what is missing.
    let running = folder.started();
    assert_eq!(running.readiness().1["keys"], "unreachable");
    assert!(folder.said(&["keys", "make"], "").contains("has the key vault now"));
    assert!(folder.refused(&["keys", "make"], "").contains("already"));
    running.until_keys_are("ready");
    folder.said(&["keys", "rewrap", "--wait"], "");
    assert_eq!(folder.keys()["sites"][0]["versions"][0]["provider"], "pkcs11:aside/vault");
    assert!(folder.said(&["keys", "rotate", "--site", "northwind"], "").contains("northwind has version 2 now."));
    assert!(folder.refused(&["keys", "retire", "--site", "northwind", "--version", "2"], "").contains("rotate"));
    folder.said(&["keys", "retire", "--site", "northwind", "--version", "1"], "");

    // A key of the vault's API is made by nobody but its operator.
    let make = ["api-key", "create", "--site", "northwind", "--name", "billing", "--scope", "detokenise,describe"];
    let make = [&make[..], &["--kind", "card_number", "--network", "192.0.2.0/24", "--json"]].concat();
    let made: Value = serde_json::from_str(&folder.said(&make, "")).unwrap();
    assert!(made["key"].as_str().unwrap().starts_with("aside_vault_"), "its beginning names what it is");
    let id = made["id"].as_str().unwrap();
    assert!(folder.said(&["api-key", "list"], "").contains(id));
    folder.said(&["api-key", "revoke", id], "");
    assert!(folder.refused(&["api-key", "revoke", "../keys"], "").contains("no id"));
    assert_eq!(running.stopped(), Some(0));

    // The key file is not needed any more, and a token that is taken away comes back by itself.
    folder.configure(TOKEN);
    let running = folder.started();
    assert_eq!(running.readiness().0, 200);
    fs::rename(folder.path().join("tokens"), folder.path().join("elsewhere")).unwrap();
    fs::create_dir(folder.path().join("tokens")).unwrap();
    running.until_keys_are("unreachable");
    fs::remove_dir(folder.path().join("tokens")).unwrap();
    fs::rename(folder.path().join("elsewhere"), folder.path().join("tokens")).unwrap();
    running.until_keys_are("ready");
    assert_eq!(running.stopped(), Some(0));
}

#[test]
fn trouble_with_the_configuration_of_keys_is_named() {
    let folder = Folder::new();
    for (keys, said) in [
        ("provider = \"vault\"", "unknown variant `vault`"),
        ("passphras = true", "unknown field `passphras`"),
        ("provider = \"pkcs11\"\ntoken = \"aside\"\nkey = \"vault\"", "missing field `module`"),
        ("provider = \"pkcs11\"\nmodule = \"none.so\"\ntoken = \"aside\"\nkey = \"vault\"", "none.so is not there"),
        ("file = \"../vault.key\"", "must be a name in data.key_folder"),
        ("passphrase = true\ncredential = \"secret\"", "$CREDENTIALS_DIRECTORY is not set"),
        (
            "provider = \"kms\"\nregion = \"eu-central-1\"\nkey = \"k\"\ncredential = \"./c\"\nendpoint = \"http://kms\"",
            "keys.endpoint",
        ),
        ("[[keys.former]]\nprovider = \"file\"\nfile = \"gone.key\"", "gone.key is missing"),
    ] {
        folder.configure(keys);
        let refused = folder.refused(&["serve"], "");
        assert!(refused.contains(said), "{keys}: {refused}");
    }
}
