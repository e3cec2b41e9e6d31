//! The vault's keys and its process: rotated, moved and retired while it serves; killed, sealed, unsealed (V2).

use http::StatusCode;
use serde_json::{Value, json};

use super::World;
use crate::browser::{Browser, Reply};
use crate::house::{Failure, PASSPHRASE, VAULT, operate};
use crate::invariant;

impl World {
    /// The vault is killed and started again; its operator types the passphrase at once, or later.
    pub(super) async fn crash_vault(&mut self, unsealed: bool) -> Result<(), Failure> {
        self.ledger.played.killed += 1;
        self.house.restart_vault().await?;
        if unsealed { self.unseal().await } else { Ok(()) }
    }

    /// The operator types a wrong passphrase, which opens nothing, and the right one.
    pub(super) async fn unseal(&mut self) -> Result<(), Failure> {
        if !self.house.vault.sealed {
            return Ok(());
        }
        let wrong = self.operate("/v1/keys/unseal", json!({ "passphrase": "anything but the right one" })).await;
        if wrong.status != StatusCode::FORBIDDEN {
            return Err(format!("a wrong passphrase was answered with {}", wrong.text).into());
        }
        let right = self.operate("/v1/keys/unseal", json!({ "passphrase": PASSPHRASE })).await;
        if !right.is_done() {
            return Err(format!("the keys could not be unsealed: {}", right.text).into());
        }
        self.ledger.played.unsealed += 1;
        self.house.vault.sealed = false;
        Ok(())
    }

    pub(super) async fn rotate(&mut self) -> Result<(), Failure> {
        let rotated = self.operate("/v1/keys/rotate", json!({})).await;
        if rotated.is_done() == self.house.vault.sealed {
            return Err(format!(
                "sealed: {}, and rotating was answered with {}",
                self.house.vault.sealed, rotated.text
            )
            .into());
        }
        self.ledger.played.rotated += u32::from(rotated.is_done());
        Ok(())
    }

    /// Everything is moved to the newest keys, as far as the provider lets it.
    pub(super) async fn rewrap(&mut self) -> Result<(), Failure> {
        let begun = self.operate("/v1/keys/rewrap", json!({})).await;
        if !begun.is_done() {
            return Err(format!("a move to the newest keys did not begin: {}", begun.text).into());
        }
        let moved = self.house.vault.vault.move_keys().await;
        if !self.house.vault.sealed {
            moved?;
        }
        for number in 0..self.ledger.sent.len() {
            invariant::remember_what_is_sealed(self, number)?;
        }
        Ok(())
    }

    /// The operator retires every former version that lets itself be retired.
    pub(super) async fn retire(&mut self) -> Result<(), Failure> {
        let inventory = Browser::default().get(&self.house.vault.operator, VAULT, "/v1/keys").await.json();
        for site in inventory["sites"].as_array().into_iter().flatten() {
            for version in site["versions"].as_array().into_iter().flatten() {
                let named = json!({ "site": site["site"], "version": version["version"] });
                let needed =
                    ["data_keys", "code_secrets", "fingerprint_keys"].map(|of| version[of].as_u64() != Some(0));
                let retired = self.operate("/v1/keys/retire", named).await.is_done();
                if retired && (needed.contains(&true) || version["state"] == "current") {
                    self.ledger.note(format!("a key that is needed was retired: {version}"));
                }
                self.ledger.played.retired += u32::from(retired);
            }
        }
        Ok(())
    }

    async fn operate(&self, path: &str, body: Value) -> Reply {
        operate(&self.house.vault, path, body).await
    }
}
