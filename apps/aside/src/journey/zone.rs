//! The desk's end of the zone link, for what a desk could try: another site's invitation, a site not its own.

use std::fs;
use std::sync::Arc;

use http::Method;
use serde::Serialize;

use super::browser::{JourneyError, Reply, ThisMachine};
use crate::house::{Certificates, Leaf, VAULT_NAME};

/// A client with a certificate of the house.
#[derive(Debug, Clone)]
pub struct ZoneLink {
    client: reqwest::Client,
    base: String,
}

impl ZoneLink {
    /// Connects as `leaf`, or with no certificate at all.
    ///
    /// # Errors
    /// When the certificate cannot be read.
    pub fn new(certificates: &Certificates, leaf: Option<&Leaf>, port: u16) -> Result<Self, JourneyError> {
        let failed = |reason: String| JourneyError::NoAnswer { step: "prepare the zone link".into(), reason };
        let authority = fs::read(&certificates.authority).map_err(|error| failed(error.to_string()))?;
        let authority = reqwest::Certificate::from_pem(&authority).map_err(|error| failed(error.to_string()))?;
        let mut builder =
            reqwest::Client::builder().dns_resolver(Arc::new(ThisMachine)).no_proxy().tls_certs_only([authority]);
        if let Some(leaf) = leaf {
            let mut pem = fs::read(&leaf.certificate).map_err(|error| failed(error.to_string()))?;
            pem.extend(fs::read(&leaf.key).map_err(|error| failed(error.to_string()))?);
            builder = builder.identity(reqwest::Identity::from_pem(&pem).map_err(|error| failed(error.to_string()))?);
        }
        let client = builder.build().map_err(|error| failed(error.to_string()))?;
        Ok(Self { client, base: format!("https://{VAULT_NAME}:{port}/zone/v1") })
    }

    /// Sends one request below `/zone/v1`.
    ///
    /// # Errors
    /// When nothing answers, or TLS is refused.
    pub async fn send(&self, method: Method, path: &str, body: Option<&impl Serialize>) -> Result<Reply, JourneyError> {
        let no_answer = |error: reqwest::Error| JourneyError::NoAnswer {
            step: format!("{method} over the zone link"),
            reason: super::browser::reason(&error),
        };
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(no_answer)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(no_answer)?.to_vec();
        Ok(Reply { status, headers, body })
    }
}
