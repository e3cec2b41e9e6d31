//! An authenticator in software: plays the person's device and browser in tests, of this crate and of those who use it. Never
//! part of a program.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Value, json};

/// The page that asks the browser.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its origin.
    pub origin: &'a str,
    /// The origin of the page it is framed by.
    pub framed_by: Option<&'a str>,
}

/// Which kind of key the authenticator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA of 2048 bits.
    Rs256,
}

enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

/// One passkey on one device.
pub struct Authenticator {
    key: Key,
    id: Vec<u8>,
    user_handle: String,
    party: String,
    /// What the next answer's counter is made from: 0 for an authenticator that does not count.
    pub counter: u32,
    /// The flags of the next answers: present and verified, unless a test says otherwise.
    pub flags: u8,
}

impl Authenticator {
    /// Answers creation options: the new authenticator and the browser's `credential.toJSON()`.
    pub fn create(kind: KeyKind, options: &Value, page: Page<'_>) -> (Self, Value) {
        let mut id = vec![0; 32];
        rand::fill(&mut id).unwrap();
        let key = match kind {
            KeyKind::Es256 => Key::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            KeyKind::EdDsa => Key::EdDsa(Ed25519KeyPair::generate().unwrap()),
            KeyKind::Rs256 => Key::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        };
        let text = |pointer: &str| options.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let (party, user_handle) = (text("/rp/id"), text("/user/id"));
        let this = Self { key, id, user_handle, party, counter: 0, flags: 0x05 };
        let client_data = client_data("webauthn.create", &text("/challenge"), page);
        let answer = this.registration(&client_data, &this.attested_data());
        (this, answer)
    }

    /// Answers request options.
    pub fn get(&mut self, options: &Value, page: Page<'_>) -> Value {
        let challenge = options["challenge"].as_str().unwrap();
        if self.counter > 0 {
            self.counter += 1;
        }
        self.assertion(&client_data("webauthn.get", challenge, page), &self.data())
    }

    /// The passkey's id.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The authenticator data of an assertion.
    #[must_use]
    pub fn data(&self) -> Vec<u8> {
        let mut data = digest(&SHA256, self.party.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    /// The authenticator data of a registration.
    #[must_use]
    pub fn attested_data(&self) -> Vec<u8> {
        let mut data = self.data();
        data[32] |= 0x40;
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend_from_slice(&self.id);
        data.extend_from_slice(&cbor(&self.cose_key()));
        data
    }

    /// The public key as a COSE key.
    #[must_use]
    pub fn cose_key(&self) -> Cbor {
        let (number, bytes) = (|number: i64| Cbor::from(number), |bytes: &[u8]| Cbor::from(bytes));
        Cbor::Map(match &self.key {
            Key::Es256(key) => {
                let point = key.public_key().as_ref();
                vec![
                    (number(1), number(2)),
                    (number(3), number(-7)),
                    (number(-1), number(1)),
                    (number(-2), bytes(&point[1..33])),
                    (number(-3), bytes(&point[33..])),
                ]
            }
            Key::EdDsa(key) => vec![
                (number(1), number(1)),
                (number(3), number(-8)),
                (number(-1), number(6)),
                (number(-2), bytes(key.public_key().as_ref())),
            ],
            Key::Rs256(key) => {
                // RFC 8017 A.1.1 for 2048 bits: nine bytes of headers, the modulus, and 65537 in its five bytes.
                let public = key.public_key().as_ref();
                vec![
                    (number(1), number(3)),
                    (number(3), number(-257)),
                    (number(-1), bytes(&public[9..265])),
                    (number(-2), bytes(&public[267..])),
                ]
            }
        })
    }

    /// An answer to creation options of parts that a test may have changed.
    #[must_use]
    pub fn registration(&self, client_data: &str, attested_data: &[u8]) -> Value {
        let object = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::from(attested_data)),
        ]);
        self.answer(json!({ "clientDataJSON": text(client_data), "attestationObject": text(cbor(&object)), "transports": ["internal"] }))
    }

    /// An answer to request options of parts that a test may have changed, signed.
    #[must_use]
    pub fn assertion(&self, client_data: &str, data: &[u8]) -> Value {
        let message = [data, digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = match &self.key {
            Key::Es256(key) => key.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec(),
            Key::EdDsa(key) => key.sign(&message).as_ref().to_vec(),
            Key::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).unwrap();
                signature
            }
        };
        self.answer(json!({
            "clientDataJSON": text(client_data),
            "authenticatorData": text(data),
            "signature": text(signature),
            "userHandle": self.user_handle,
        }))
    }

    fn answer(&self, response: Value) -> Value {
        json!({
            "id": text(&self.id),
            "rawId": text(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }
}

/// What a browser writes about the page that asks.
#[must_use]
pub fn client_data(kind: &str, challenge: &str, page: Page<'_>) -> String {
    let mut data = json!({
        "type": kind,
        "challenge": challenge,
        "origin": page.origin,
        "crossOrigin": page.framed_by.is_some(),
        "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
    });
    if let Some(top) = page.framed_by {
        data["topOrigin"] = json!(top);
    }
    data.to_string()
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
