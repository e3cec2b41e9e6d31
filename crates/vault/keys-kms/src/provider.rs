//! The provider: what is asked of the service, and what its refusals mean.

use std::path::PathBuf;
use std::sync::Arc;

use aside_base::{Clock, Rng};
use aside_vault_keys::{KeyError, KeyProvider, ProviderError, ProviderKind, UnsealError, bound_place};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::KmsClientError;
use crate::client::{Answer, Client, word};

/// The format that is written: a format number, then what the service sealed.
const FORMAT: u8 = 1;

/// Which key of which service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsPlan {
    /// The service's address, HTTPS only.
    pub endpoint: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The key: its id, its ARN or an alias.
    pub key: String,
    /// The file with the access key.
    pub credentials: PathBuf,
    /// The certificates that the service's may be signed by, PEM.
    pub ca: PathBuf,
}

/// A key in a cloud's key service.
pub struct KmsProvider {
    name: String,
    key: String,
    database: Uuid,
    client: Client,
}

impl KmsProvider {
    /// The key of `plan`, for the vault with this `database`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`KmsClientError`] for a plan that can never work.
    pub fn new(plan: KmsPlan, database: Uuid, clock: Arc<dyn Clock>) -> Result<Self, KmsClientError> {
        let client = Client::new(&plan.endpoint, &plan.region, &plan.credentials, &plan.ca, clock)?;
        Ok(Self { name: format!("kms:{}", plan.key), key: plan.key, database, client })
    }

    /// The place as the service sees it, checks it and writes it down: names and numbers, nothing secret.
    fn context(&self, place: &[u8]) -> Value {
        json!({ "aside": STANDARD.encode(bound_place(self.database, place)) })
    }

    async fn ask(&self, operation: &'static str, body: Value) -> Result<Value, ProviderError> {
        understood(operation, self.client.ask(operation, &body).await)
    }
}

/// What an answer means for whoever asked for the operation.
pub(crate) fn understood(operation: &str, answered: Result<Answer, String>) -> Result<Value, ProviderError> {
    match answered {
        Ok(Answer::Done(answer)) => Ok(answer),
        // The only refusals that are about the value. Whatever else is refused may be granted again tomorrow.
        Ok(Answer::Refused(kind)) if kind == "InvalidCiphertextException" || kind == "IncorrectKeyException" => {
            Err(KeyError.into())
        }
        Ok(Answer::Refused(kind)) => Err(ProviderError::Unreachable(format!("{operation}: {kind}"))),
        Err(private) => Err(ProviderError::Unreachable(format!("{operation}: {private}"))),
    }
}

/// Whether the key that was described seals and opens.
pub(crate) fn usable(answer: &Value) -> Result<(), ProviderError> {
    let said = |field: &str| {
        let said = answer.pointer(&format!("/KeyMetadata/{field}")).and_then(Value::as_str);
        said.and_then(word).unwrap_or("unknown")
    };
    match (said("KeyState"), said("KeyUsage")) {
        ("Enabled", "ENCRYPT_DECRYPT") => Ok(()),
        (state, usage) => Err(ProviderError::Unreachable(format!("the key is {state}, for {usage}"))),
    }
}

pub(crate) fn bytes(answer: &Value, field: &str) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    let decoded = answer.get(field).and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    let decoded = decoded.filter(|bytes| !bytes.is_empty()).map(Zeroizing::new);
    decoded.ok_or_else(|| ProviderError::Unreachable(format!("the answer has no {field}")))
}

#[async_trait]
impl KeyProvider for KmsProvider {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Kms
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn seal(&self, place: &[u8], clear: &[u8], _: &dyn Rng) -> Result<Vec<u8>, ProviderError> {
        let plaintext = Zeroizing::new(STANDARD.encode(clear));
        let body =
            json!({ "KeyId": self.key, "Plaintext": plaintext.as_str(), "EncryptionContext": self.context(place) });
        let sealed = bytes(&self.ask("Encrypt", body).await?, "CiphertextBlob")?;
        let mut whole = Vec::with_capacity(1 + sealed.len());
        whole.push(FORMAT);
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    async fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let Some((&[FORMAT], sealed)) = sealed.split_first_chunk::<1>() else { return Err(KeyError.into()) };
        let body = json!({
            "KeyId": self.key, "CiphertextBlob": STANDARD.encode(sealed), "EncryptionContext": self.context(place),
        });
        bytes(&self.ask("Decrypt", body).await?, "Plaintext")
    }

    async fn check(&self) -> Result<(), ProviderError> {
        usable(&self.ask("DescribeKey", json!({ "KeyId": self.key })).await?)
    }

    async fn unseal(&self, _: Zeroizing<String>) -> Result<(), UnsealError> {
        Err(UnsealError::NotByPassphrase)
    }
}
