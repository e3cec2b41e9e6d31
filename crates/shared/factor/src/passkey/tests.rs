//! The published vectors of the standard, a whole life with an authenticator in software, and everything an attacker can bend.

use aside_base::{Origin, SeededRng};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::authenticator_data::AuthenticatorData;
use super::cose::PublicKey;
use super::registration::signed;
use super::{
    AssertionResponse, Challenge, CredentialId, Passkey, PasskeyError, RegistrationResponse, RelyingParty, User,
    UserHandle, creation_options, register, request_options, verify,
};
use crate::authenticator::{Authenticator, KeyKind, Page, client_data};

const DANA: UserHandle = UserHandle([7; 16]);

fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn challenge(value: &Value) -> Challenge {
    Challenge::from_bytes(hex(value).try_into().unwrap())
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn registration(answer: &Value) -> RegistrationResponse {
    serde_json::from_value(answer.clone()).unwrap()
}

fn assertion(answer: &Value) -> AssertionResponse {
    serde_json::from_value(answer.clone()).unwrap()
}

/// Web Authentication Level 3, section 16: most of its examples leave the person unverified or bring an attestation, which
/// Aside refuses; each is held to the refusal it must meet, and every signature of an algorithm that is offered to be good.
#[test]
fn the_vectors_of_the_standard_come_out_as_they_must() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(vectors.len(), 11);
    let (page, top) = (origin("https://example.org"), origin("https://example.com"));
    let party = RelyingParty { origin: &page, framed_by: Some(&top) };
    for vector in &vectors {
        let name = vector["name"].as_str().unwrap();
        let (create, get) = (&vector["create"], &vector["get"]);
        let id = CredentialId::from_bytes(&hex(&vector["credential_id"])).unwrap();
        let answer = json!({ "rawId": id.to_text(), "type": "public-key", "response": {
            "clientDataJSON": text(&hex(&create["client_data"])),
            "attestationObject": text(&hex(&create["attestation_object"])),
        }});
        let registered = register(party, &challenge(&create["challenge"]), &registration(&answer));
        let expected = match name {
            "packed-self-es256" | "none-es256-crossOrigin" => None,
            "none-es256"
            | "none-es256-topOrigin"
            | "none-es256-long-credential-id"
            | "packed-eddsa"
            | "fido-u2f-es256" => Some(PasskeyError::Unverified),
            "packed-es384" => Some(PasskeyError::Key),
            _ => Some(PasskeyError::Attestation),
        };
        assert_eq!(registered.as_ref().err().copied(), expected, "{name}");

        let object = hex(&create["attestation_object"]);
        let at = object.windows(id.as_bytes().len()).position(|part| part == id.as_bytes()).unwrap();
        let written = &object[at + id.as_bytes().len()..];
        let mut after = written;
        let Ok(key) = PublicKey::read(&mut after) else {
            assert_eq!(name, "packed-es384");
            continue;
        };
        let (data, client) = (hex(&get["authenticator_data"]), hex(&get["client_data"]));
        key.check(&signed(&data, &client), &hex(&get["signature"])).unwrap();
        let passkey = Passkey {
            id: id.clone(),
            public_key: written[..written.len() - after.len()].to_vec(),
            counter: 0,
            backup_eligible: data[32] & 8 != 0,
        };
        if let Ok(registered) = registered {
            assert_eq!(registered, passkey, "{name}");
        }
        let answer = json!({ "rawId": id.to_text(), "type": "public-key", "response": {
            "clientDataJSON": text(&client), "authenticatorData": text(&data), "signature": text(&hex(&get["signature"])),
        }});
        let verified = verify(party, &challenge(&get["challenge"]), &passkey, DANA, &assertion(&answer));
        let expected = match name {
            _ if data[32] & 4 == 0 => Err(PasskeyError::Unverified),
            _ => Ok(0),
        };
        assert_eq!(verified, expected, "{name}");
    }
}

/// A vault with the desk around its frame, and Dana's device.
struct Life {
    vault: Origin,
    desk: Origin,
    rng: SeededRng,
}

const FRAMED: Page<'_> = Page { origin: "https://vault.example:8443", framed_by: Some("https://desk.example") };

impl Life {
    fn begin() -> Self {
        Self { vault: origin(FRAMED.origin), desk: origin("https://desk.example"), rng: SeededRng::new(3) }
    }

    fn party(&self) -> RelyingParty<'_> {
        RelyingParty { origin: &self.vault, framed_by: Some(&self.desk) }
    }

    fn challenge(&self) -> Challenge {
        Challenge::generate(&self.rng)
    }

    fn ask_to_create(&self, challenge: &Challenge) -> Value {
        let user = User { handle: DANA, name: "dana", display_name: "Dana" };
        creation_options(self.party(), "Northwind", user, challenge, &[])
    }

    fn registered(&self, kind: KeyKind) -> (Authenticator, Passkey) {
        let challenge = self.challenge();
        let (device, answer) = Authenticator::create(kind, &self.ask_to_create(&challenge), FRAMED);
        (device, register(self.party(), &challenge, &registration(&answer)).unwrap())
    }

    fn asked(&self, device: &mut Authenticator, passkey: &Passkey, page: Page<'_>) -> Result<u32, PasskeyError> {
        let challenge = self.challenge();
        let options = request_options(self.party(), &challenge, std::slice::from_ref(&passkey.id));
        verify(self.party(), &challenge, passkey, DANA, &assertion(&device.get(&options, page)))
    }
}

#[test]
fn each_kind_of_key_registers_and_signs() {
    let life = Life::begin();
    for kind in [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Rs256] {
        let (mut device, passkey) = life.registered(kind);
        assert_eq!(passkey.id.as_bytes(), device.id());
        assert_eq!(life.asked(&mut device, &passkey, FRAMED), Ok(0), "{kind:?}");
        let own_page = Page { framed_by: None, ..FRAMED };
        assert_eq!(life.asked(&mut device, &passkey, own_page), Ok(0), "{kind:?}");
    }
}

#[test]
fn the_options_are_what_a_browser_parses() {
    let life = Life::begin();
    let challenge = Challenge::from_bytes([1; 32]);
    let known = [CredentialId::from_bytes(&[9; 16]).unwrap()];
    let user = User { handle: DANA, name: "dana", display_name: "Dana" };
    let create = creation_options(life.party(), "Northwind", user, &challenge, &known);
    assert_eq!(create["rp"], json!({ "id": "vault.example", "name": "Northwind" }));
    assert_eq!(create["user"]["id"], text(&[7; 16]));
    assert_eq!(create["challenge"], text(&[1; 32]));
    assert_eq!(create["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(create["excludeCredentials"], json!([{ "type": "public-key", "id": text(&[9; 16]) }]));
    let algorithms: Vec<_> = create["pubKeyCredParams"].as_array().unwrap().iter().map(|one| &one["alg"]).collect();
    assert_eq!(algorithms, [-8, -7, -257]);
    let request = request_options(life.party(), &challenge, &known);
    assert_eq!((&request["rpId"], &request["userVerification"]), (&json!("vault.example"), &json!("required")));
    assert_eq!(request["allowCredentials"], create["excludeCredentials"]);
    let address = origin("http://[::1]:8081");
    assert_eq!(RelyingParty { origin: &address, framed_by: None }.id(), "[::1]");
}

#[test]
fn only_the_own_page_asks_and_only_the_desk_frames_it() {
    let life = Life::begin();
    let (mut device, passkey) = life.registered(KeyKind::Es256);
    for page in [
        Page { origin: "https://desk.example", framed_by: None },
        Page { origin: "https://vault.example", ..FRAMED },
        Page { origin: "https://vault.example:8443.evil.example", ..FRAMED },
        Page { origin: "http://vault.example:8443", ..FRAMED },
        Page { framed_by: Some("https://desk.example.evil.example"), ..FRAMED },
        Page { framed_by: Some("https://vault.example:8443"), ..FRAMED },
    ] {
        assert_eq!(life.asked(&mut device, &passkey, page), Err(PasskeyError::Origin), "{page:?}");
    }
    // A page that nobody may frame.
    let alone = RelyingParty { framed_by: None, ..life.party() };
    let challenge = life.challenge();
    let answer = device.get(&request_options(alone, &challenge, &[]), FRAMED);
    assert_eq!(verify(alone, &challenge, &passkey, DANA, &assertion(&answer)), Err(PasskeyError::Origin));
    // A browser that says framed, and not by whom, where nobody may frame; and one that names a top and says it is not framed.
    let options = request_options(life.party(), &challenge, &[]);
    let asked = options["challenge"].as_str().unwrap();
    for (party, bent, expected) in [
        (life.party(), json!({ "crossOrigin": true }), Ok(0)),
        (alone, json!({ "crossOrigin": true }), Err(PasskeyError::Origin)),
        (life.party(), json!({ "topOrigin": "https://desk.example" }), Err(PasskeyError::Origin)),
        (alone, json!({ "topOrigin": "https://vault.example:8443" }), Err(PasskeyError::Origin)),
    ] {
        let mut data = bent;
        data["type"] = json!("webauthn.get");
        data["challenge"] = json!(asked);
        data["origin"] = json!(FRAMED.origin);
        let answer = device.assertion(&data.to_string(), &device.data());
        assert_eq!(verify(party, &challenge, &passkey, DANA, &assertion(&answer)), expected, "{data}");
    }
}

#[test]
fn an_answer_is_good_for_its_own_question_alone() {
    let life = Life::begin();
    let (mut device, passkey) = life.registered(KeyKind::EdDsa);
    let (mut other_device, other) = life.registered(KeyKind::EdDsa);
    let challenge = life.challenge();
    let options = request_options(life.party(), &challenge, &[]);
    let answer = assertion(&device.get(&options, FRAMED));
    let check = |challenge: &Challenge, passkey: &Passkey, user, answer: &AssertionResponse| {
        verify(life.party(), challenge, passkey, user, answer)
    };
    assert_eq!(check(&challenge, &passkey, DANA, &answer), Ok(0));
    assert_eq!(check(&life.challenge(), &passkey, DANA, &answer), Err(PasskeyError::Challenge));
    assert_eq!(check(&challenge, &other, DANA, &answer), Err(PasskeyError::Credential));
    assert_eq!(check(&challenge, &passkey, UserHandle([8; 16]), &answer), Err(PasskeyError::Credential));
    // Another key under this passkey's name.
    let mut forged = other_device.get(&options, FRAMED);
    forged["rawId"] = json!(passkey.id.to_text());
    assert_eq!(check(&challenge, &passkey, DANA, &assertion(&forged)), Err(PasskeyError::Signature));
    // A creation's client data, signed.
    let created = client_data("webauthn.create", options["challenge"].as_str().unwrap(), FRAMED);
    let swapped = assertion(&device.assertion(&created, &device.data()));
    assert_eq!(check(&challenge, &passkey, DANA, &swapped), Err(PasskeyError::Type));
    let asked = life.ask_to_create(&challenge);
    let got = client_data("webauthn.get", asked["challenge"].as_str().unwrap(), FRAMED);
    let swapped = registration(&device.registration(&got, &device.attested_data()));
    assert_eq!(register(life.party(), &challenge, &swapped), Err(PasskeyError::Type));
    // Another relying party's data, in the right client data.
    let mut data = device.data();
    data[0] ^= 1;
    let got = client_data("webauthn.get", options["challenge"].as_str().unwrap(), FRAMED);
    let elsewhere = assertion(&device.assertion(&got, &data));
    assert_eq!(check(&challenge, &passkey, DANA, &elsewhere), Err(PasskeyError::RelyingParty));
}

#[test]
fn nobody_present_or_nobody_verified_is_nobody() {
    let life = Life::begin();
    let (mut device, passkey) = life.registered(KeyKind::Es256);
    for (flags, expected) in [
        (0x05, Ok(0)),
        (0x01, Err(PasskeyError::Unverified)),
        (0x04, Err(PasskeyError::Unverified)),
        (0x00, Err(PasskeyError::Unverified)),
        // May be copied now, and could not at registration; is a copy and may not be copied.
        (0x0d, Err(PasskeyError::Malformed)),
        (0x15, Err(PasskeyError::Malformed)),
    ] {
        device.flags = flags;
        assert_eq!(life.asked(&mut device, &passkey, FRAMED), expected, "{flags:#04x}");
    }
    let challenge = life.challenge();
    device.flags = 0x01;
    let asked = life.ask_to_create(&challenge);
    let data = client_data("webauthn.create", asked["challenge"].as_str().unwrap(), FRAMED);
    let unverified = registration(&device.registration(&data, &device.attested_data()));
    assert_eq!(register(life.party(), &challenge, &unverified), Err(PasskeyError::Unverified));
}

#[test]
fn a_counter_that_does_not_grow_betrays_a_copy() {
    let life = Life::begin();
    let (mut device, mut passkey) = life.registered(KeyKind::Es256);
    device.counter = 10;
    assert_eq!(life.asked(&mut device, &passkey, FRAMED), Ok(11));
    for (kept, expected) in
        [(10, Ok(12)), (12, Ok(13)), (14, Err(PasskeyError::Counter)), (16, Err(PasskeyError::Counter))]
    {
        passkey.counter = kept;
        assert_eq!(life.asked(&mut device, &passkey, FRAMED), expected, "{kept}");
    }
    device.counter = 0;
    assert_eq!(life.asked(&mut device, &passkey, FRAMED), Err(PasskeyError::Counter));
}

#[test]
fn a_registration_brings_one_key_of_its_own_name_and_no_foreign_attestation() {
    let life = Life::begin();
    let challenge = life.challenge();
    let (device, answer) = Authenticator::create(KeyKind::Es256, &life.ask_to_create(&challenge), FRAMED);
    let register =
        |answer: &Value| register(life.party(), &challenge, &registration(answer)).map(|passkey| passkey.counter);
    assert_eq!(register(&answer), Ok(0));
    let mut renamed = answer.clone();
    renamed["rawId"] = json!(text(&[1; 32]));
    assert_eq!(register(&renamed), Err(PasskeyError::Credential));
    let mut other_kind = answer.clone();
    other_kind["type"] = json!("password");
    assert_eq!(register(&other_kind), Err(PasskeyError::Malformed));
    let client = client_data("webauthn.create", life.ask_to_create(&challenge)["challenge"].as_str().unwrap(), FRAMED);
    for cut in 0..device.attested_data().len() {
        let short = device.registration(&client, &device.attested_data()[..cut]);
        assert!(register(&short).is_err(), "cut at {cut}");
    }
    let long = [device.attested_data(), vec![0]].concat();
    assert_eq!(register(&device.registration(&client, &long)), Err(PasskeyError::Malformed));
    assert_eq!(register(&device.registration(&client, &device.data())), Err(PasskeyError::Malformed));
    // An extension map at the end is read and ignored; anything else there is not.
    let mut extended = device.attested_data();
    extended[32] |= 0x80;
    assert_eq!(register(&device.registration(&client, &extended)), Err(PasskeyError::Malformed));
    extended.extend_from_slice(&[0xa1, 0x61, b'a', 0x01]);
    assert_eq!(register(&device.registration(&client, &extended)), Ok(0));
}

#[test]
fn cbor_that_is_deep_endless_doubled_or_lying_is_refused() {
    let party = origin("https://vault.example");
    let party = RelyingParty { origin: &party, framed_by: None };
    let key = |bytes: &[u8]| PublicKey::read_all(bytes);
    // 9 maps in one another; a list that says it has 2^64-1 entries; bytes that say they are 4 GiB; kty twice.
    let deep = [[0xa1, 0x01].repeat(9), vec![0x00]].concat();
    let endless = [&[0xa1, 0x01, 0x9b][..], &[0xff; 8]].concat();
    let huge = [&[0xa1, 0x01, 0x5a][..], &[0xff; 4]].concat();
    let doubled = [0xa2, 0x01, 0x02, 0x01, 0x01];
    for bytes in [&deep[..], &endless, &huge, &doubled, &[], &[0x01], &[0xf6]] {
        assert_eq!(key(bytes), Err(PasskeyError::Malformed));
    }
    assert_eq!(key(&[0xa0]), Err(PasskeyError::Key));
    // A point that is on no curve reads, and verifies nothing.
    let mut point = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    point.extend_from_slice(&[1; 32]);
    point.extend_from_slice(&[0x22, 0x58, 0x20]);
    point.extend_from_slice(&[1; 32]);
    assert_eq!(key(&point).unwrap().check(b"message", &[0x30, 0x06, 2, 1, 1, 2, 1, 1]), Err(PasskeyError::Signature));
    assert_eq!(AuthenticatorData::read(&[0; 37], party).unwrap_err(), PasskeyError::RelyingParty);
}

#[test]
fn parts_that_are_too_large_are_not_decoded() {
    let large = "A".repeat(40_000);
    let answer = json!({ "rawId": "AAAA", "type": "public-key", "response": {
        "clientDataJSON": large, "authenticatorData": "", "signature": "" }});
    let life = Life::begin();
    let (_, passkey) = life.registered(KeyKind::EdDsa);
    let refused = verify(life.party(), &life.challenge(), &passkey, DANA, &assertion(&answer));
    assert_eq!(refused, Err(PasskeyError::Malformed));
    assert!(CredentialId::from_bytes(&[0; 1_024]).is_err());
    assert!(CredentialId::from_bytes(&[]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), flags in any::<u8>()) {
        let page = origin("https://vault.example");
        let party = RelyingParty { origin: &page, framed_by: None };
        let _ = PublicKey::read_all(&bytes);
        let _ = AuthenticatorData::read(&bytes, party);
        // The right head, so that the rest is reached.
        let mut data = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"vault.example").as_ref().to_vec();
        data.push(flags);
        data.extend_from_slice(&[0; 4]);
        data.extend_from_slice(&bytes);
        let _ = AuthenticatorData::read(&data, party);
        let answer = json!({ "rawId": text(&bytes), "type": "public-key", "response": {
            "clientDataJSON": text(&bytes), "attestationObject": text(&bytes) }});
        prop_assert!(register(party, &Challenge::from_bytes([0; 32]), &registration(&answer)).is_err());
    }

    /// Whatever byte of a good answer is bent, it is no good answer any more.
    #[test]
    fn a_bent_answer_is_never_believed(part in 0_usize..3, place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let life = Life::begin();
        let challenge = life.challenge();
        let (mut device, answer) = Authenticator::create(KeyKind::EdDsa, &life.ask_to_create(&challenge), FRAMED);
        let passkey = register(life.party(), &challenge, &registration(&answer)).unwrap();
        let challenge = life.challenge();
        let mut answer = device.get(&request_options(life.party(), &challenge, &[]), FRAMED);
        let name = ["clientDataJSON", "authenticatorData", "signature"][part];
        let mut bytes = URL_SAFE_NO_PAD.decode(answer["response"][name].as_str().unwrap()).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        answer["response"][name] = json!(text(&bytes));
        prop_assert!(verify(life.party(), &challenge, &passkey, DANA, &assertion(&answer)).is_err());
    }

    /// A good registration with a bent byte registers nothing else: it is refused, or the byte says nothing (the model's name,
    /// the counter).
    #[test]
    fn a_bent_registration_does_not_panic(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let life = Life::begin();
        let challenge = life.challenge();
        let asked = life.ask_to_create(&challenge);
        let (device, _) = Authenticator::create(KeyKind::EdDsa, &asked, FRAMED);
        let mut data = device.attested_data();
        let place = place.index(data.len());
        data[place] = byte;
        let client = client_data("webauthn.create", asked["challenge"].as_str().unwrap(), FRAMED);
        if let Ok(passkey) = register(life.party(), &challenge, &registration(&device.registration(&client, &data))) {
            prop_assert_eq!(passkey.id.as_bytes(), device.id());
        }
    }
}
