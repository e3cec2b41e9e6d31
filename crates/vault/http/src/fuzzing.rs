//! Ways in for the fuzz targets, to parsers that no other room may see. Only with the feature `fuzzing`, which no program has.

use std::future::Future as _;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use aside_base::{InvitationId, OneTimeKey, Origin, SeededRng, Timestamp};
use aside_vault_memory::{Lock, Room};
use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::body;
use crate::sealing::{Place, SealingKeys};

/// Reads a form's body as each handler does; how many answers it held.
pub fn form_body(bytes: &[u8]) -> Option<usize> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-www-form-urlencoded"));
    let read = pin!(body::read(&headers, Body::from(bytes.to_vec())));
    let Poll::Ready(read) = read.poll(&mut Context::from_waker(Waker::noop())) else { return None };
    let raw = read.ok()?;
    let (_key, _sealed_to) = (raw.key(), raw.sealed_to());
    let mut desk = [0; 1024];
    if let Ok(length) = raw.sealed(&mut desk) {
        assert!(length <= desk.len(), "sealed bytes ran over their place");
    }
    raw.answers().ok().map(|answers| answers.len())
}

/// Reads the answers of a sealed form once it is open; how many they were.
#[must_use]
pub fn opened_form(json: &[u8]) -> Option<usize> {
    body::opened(json).ok().map(|answers| answers.len())
}

/// Opens what claims to be sealed for a form of this vault. Nothing that was not sealed to its key may come out.
///
/// # Panics
/// Where something does, or where there is no memory for a key.
pub fn sealed_form(bytes: &[u8]) {
    struct Setting {
        keys: SealingKeys,
        key: String,
        origin: Origin,
        submit: OneTimeKey,
        invitation: InvitationId,
    }
    static SETTING: LazyLock<Setting> = LazyLock::new(|| {
        let (rng, now) = (SeededRng::new(1), Timestamp(1));
        let keys = SealingKeys::default();
        let offered = Room::obtain(1, Lock::None).ok().and_then(|room| keys.offer(&room, &rng, now));
        let origin = "http://vault.localhost:8081".parse::<Origin>().ok();
        let (Some(offered), Some(origin)) = (offered, origin) else { unreachable!("there is memory for one key") };
        let (submit, invitation) = (OneTimeKey::generate(&rng), InvitationId::generate(now, &rng));
        Setting { keys, key: offered.id, origin, submit, invitation }
    });
    let place = Place { origin: &SETTING.origin, invitation: SETTING.invitation, submit: &SETTING.submit };
    let mut sealed = bytes.to_vec();
    assert!(SETTING.keys.open(&SETTING.key, &place, &mut sealed, Timestamp(2)).is_err(), "a forged form was opened");
}
