use aside_base::SeededRng;
use aside_vault_memory::Lock;
use hpke::{OpModeS, setup_sender_with_rng};

use super::*;

const NOW: Timestamp = Timestamp(1_795_344_540_000);
const DAY: u32 = OFFERED_SECONDS;

struct House {
    room: Room,
    rng: SeededRng,
    keys: SealingKeys,
    origin: Origin,
    submit: OneTimeKey,
}

impl House {
    fn new(seed: u64) -> Self {
        let rng = SeededRng::new(seed);
        Self {
            room: Room::obtain(1, Lock::MemfdSecret).unwrap(),
            keys: SealingKeys::default(),
            origin: "https://vault.example".parse().unwrap(),
            submit: OneTimeKey::generate(&rng),
            rng,
        }
    }

    fn offer(&self, now: Timestamp) -> Offered {
        self.keys.offer(&self.room, &self.rng, now).unwrap()
    }

    fn place(&self, seed: u64) -> Place<'_> {
        let invitation = InvitationId::generate(NOW, &SeededRng::new(seed));
        Place { origin: &self.origin, invitation, submit: &self.submit }
    }
}

/// The generator that the sender of this library takes; the browser has its own.
struct Random(SeededRng);

impl hpke::rand_core::TryRng for Random {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_be_bytes((&self.0 as &dyn Rng).bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_be_bytes((&self.0 as &dyn Rng).bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Random {}

fn sealed(offered: &Offered, place: &Place<'_>, clear: &[u8]) -> Vec<u8> {
    type Public = <DhP256HkdfSha256 as Kem>::PublicKey;
    let public = Public::from_bytes(&URL_SAFE_NO_PAD.decode(&offered.key).unwrap()).unwrap();
    let mut random = Random(SeededRng::new(7));
    let (encapped, mut sender) = setup_sender_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeS::Base,
        &public,
        &place.info(&offered.id),
        &mut random,
    )
    .unwrap();
    let mut whole = encapped.to_bytes().to_vec();
    whole.extend(sender.seal(clear, &place.bound_to()).unwrap());
    whole
}

#[test]
fn what_was_sealed_for_a_form_opens_for_it_in_place() {
    let house = House::new(1);
    let (offered, place) = (house.offer(NOW), house.place(1));
    let mut whole = sealed(&offered, &place, b"{}");
    assert_eq!(whole.len(), POINT + 2 + TAG);
    assert_eq!(house.keys.open(&offered.id, &place, &mut whole, NOW), Ok(&b"{}"[..]));
    assert_eq!(&whole[POINT..POINT + 2], b"{}", "the clear bytes lie where the sealed ones lay");
}

#[test]
fn it_opens_for_no_other_invitation_key_or_vault_and_not_when_it_was_changed_or_cut() {
    let house = House::new(1);
    let (offered, place) = (house.offer(NOW), house.place(1));
    let whole = sealed(&offered, &place, b"{\"q-cvv\":\"737\"}");
    let open = |place: &Place<'_>, mut whole: Vec<u8>| {
        house.keys.open(&offered.id, place, &mut whole, NOW).map(<[u8]>::to_vec)
    };
    assert_eq!(open(&house.place(2), whole.clone()), Err(Unopened::Garbage), "another invitation");
    let submit = OneTimeKey::generate(&SeededRng::new(5));
    assert_eq!(open(&Place { submit: &submit, ..house.place(1) }, whole.clone()), Err(Unopened::Garbage), "a replay");
    let origin = "https://vault.elsewhere".parse().unwrap();
    assert_eq!(open(&Place { origin: &origin, ..house.place(1) }, whole.clone()), Err(Unopened::Garbage));
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert_eq!(open(&place, changed), Err(Unopened::Garbage), "byte {at}");
        assert_eq!(open(&place, whole[..at].to_vec()), Err(Unopened::Garbage), "cut at {at}");
    }
    assert!(open(&place, whole).is_ok());
}

#[test]
fn a_key_is_offered_for_a_day_and_opens_for_one_more() {
    let house = House::new(1);
    let (first, place) = (house.offer(NOW), house.place(1));
    assert_eq!(house.offer(NOW.plus_seconds(DAY - 1)), first);
    let whole = sealed(&first, &place, b"{}");
    let second = house.offer(NOW.plus_seconds(DAY));
    assert_ne!(second.id, first.id);
    let open = |seconds| house.keys.open(&first.id, &place, &mut whole.clone(), NOW.plus_seconds(seconds)).map(|_| ());
    assert_eq!(open(DAY), Ok(()));
    assert_eq!(open(2 * DAY - 1), Ok(()));
    assert_eq!(open(2 * DAY), Err(Unopened::UnknownKey));
    assert_eq!(house.keys.open("", &place, &mut [0; 200], NOW), Err(Unopened::UnknownKey));
}

#[test]
fn another_process_knows_none_of_its_keys() {
    let (house, other) = (House::new(1), House::new(2));
    let (offered, place) = (house.offer(NOW), house.place(1));
    let mut whole = sealed(&offered, &place, b"{}");
    assert_eq!(other.keys.open(&offered.id, &place, &mut whole, NOW), Err(Unopened::UnknownKey));
    let misnamed = Offered { id: other.offer(NOW).id, ..offered };
    let mut whole = sealed(&misnamed, &place, b"{}");
    assert_eq!(other.keys.open(&misnamed.id, &place, &mut whole, NOW), Err(Unopened::Garbage));
}

/// Made by `@hpke/core` 1.9.0 in Node, which derived the key pair from the same seed: what a browser seals, this opens.
#[test]
fn what_a_browsers_library_sealed_opens_here() {
    let house = House::new(1);
    let offered = house.offer(NOW);
    assert_eq!(offered.id, "jHZU7P17C2I7");
    assert_eq!(offered.key, "BF20YsiWe7XmWGq71rxRleHp9zlshM70q_-QB2oSJEMwR_bp1kWq2eWsE4xFAthEbJfuUV8mhAWrZ_VaG6pDpi4");
    let place = Place {
        origin: &house.origin,
        invitation: "019a0000-0000-7000-8000-000000000001".parse().unwrap(),
        submit: &house.submit,
    };
    let sealed = "BGblkr_UuOFx_SSI1qf5UaYTnXjnPUQVa9U60wmsaA4w0df-lOF2UtnmXKKn09HfSAIALr6wDF9QuJ9G-bmvKF29ZmQuCmVgIRuHJVbPH-Z9uOgY\
                  0sC-v9-YRR71ikY67Eje0t7ON6tShwWof-331MnfA3PKyP3aFfbDtcIqGsGKo3Rn_8Aiq8Zilif9sw";
    let mut whole = URL_SAFE_NO_PAD.decode(sealed).unwrap();
    let clear = house.keys.open(&offered.id, &place, &mut whole, NOW).unwrap();
    assert_eq!(clear, "{\"q-number\":\"4111 1111 1111 1111\",\"q-name\":\"Zoë \\\"O'Neil\\\"\"}".as_bytes());
}

/// What `web/form/seal.test.ts` opens with `@hpke/core`: sealed here, with the seed from which the browser's library derives the same
/// key pair.
#[test]
fn what_this_library_seals_is_what_a_browsers_library_is_shown() {
    let house = House::new(1);
    let (offered, place) = (house.offer(NOW), house.place(1));
    let clear = "{\"q-number\":\"4111 1111 1111 1111\",\"q-name\":\"Zoë \\\"O'Neil\\\"\"}";
    let shown: serde_json::Value = serde_json::from_str(include_str!("sealed_here.json")).unwrap();
    let rng = SeededRng::new(1);
    // The house takes its `submit` key first.
    let _submit = OneTimeKey::generate(&rng);
    let seed: [u8; PRIVATE] = (&rng as &dyn Rng).bytes();
    let made = serde_json::json!({
        "seed": URL_SAFE_NO_PAD.encode(seed),
        "id": offered.id,
        "key": offered.key,
        "origin": place.origin.as_str(),
        "invitation": place.invitation,
        "submit": place.submit.to_text(),
        "sealed": URL_SAFE_NO_PAD.encode(sealed(&offered, &place, clear.as_bytes())),
        "clear": clear,
    });
    assert_eq!(made, shown);
}
