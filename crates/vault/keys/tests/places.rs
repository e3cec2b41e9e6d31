//! Every kind of sealed thing, tried at every place of every other: each opens at its own and nowhere else (V1, V2).
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and look at what was opened")]

use std::sync::Arc;

use aside_base::{AgentId, Rng, Secret, SeededRng, SiteId, SubmissionId};
use aside_vault_keys::{KeyFile, KeyProvider as _, SiteKey};
use uuid::Uuid;

/// A place that something sealed may be tried at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    SiteKey { site: usize, version: u32 },
    DataKey { site: usize, version: u32, submission: u128, part: u8 },
    Answer { site: usize, born: u32, submission: u128, part: u8, question: &'static str },
    CodeSecret { site: usize, version: u32, agent: u128 },
    FingerprintKey { site: usize, version: u32 },
}

const SITES: [&str; 2] = ["northwind", "other"];

struct Ring {
    provider: KeyFile,
    rng: Arc<dyn Rng>,
    /// The site keys, opened, with their sealed forms: two sites with two versions each.
    keys: Vec<(usize, u32, SiteKey, Vec<u8>)>,
}

fn site(index: usize) -> SiteId {
    SITES[index].parse().unwrap()
}

fn submission(number: u128) -> SubmissionId {
    SubmissionId::from_uuid(Uuid::from_u128(number))
}

fn agent(number: u128) -> AgentId {
    AgentId::from_uuid(Uuid::from_u128(number))
}

impl Ring {
    fn key(&self, site: usize, version: u32) -> &SiteKey {
        &self.keys.iter().find(|key| key.0 == site && key.1 == version).unwrap().2
    }

    /// Tries `sealed` at `place` as whoever finds it there would: with every key that belongs to the place. Data keys, which
    /// an answer's place names by its part, are those of `stored`.
    async fn opens(&self, sealed: &[u8], place: Place, stored: &[(Place, Vec<u8>)]) -> bool {
        match place {
            Place::SiteKey { site: of, version } => {
                SiteKey::open(&site(of), version, sealed, &self.provider).await.is_ok()
            }
            Place::DataKey { site, version, submission: of, part } => {
                self.key(site, version).open_data_key(submission(of), part, version, sealed).is_ok()
            }
            Place::Answer { site, born, submission: of, part, question } => {
                let key = Place::DataKey { site, version: born, submission: of, part };
                let key = &stored.iter().find(|(place, _)| *place == key).unwrap().1;
                let key = self.key(site, born).open_data_key(submission(of), part, born, key).unwrap();
                key.open(question, sealed).is_ok()
            }
            Place::CodeSecret { site, version, agent: of } => {
                self.key(site, version).open_code_secret(agent(of), sealed).is_ok()
            }
            Place::FingerprintKey { site, version } => self.key(site, version).open_fingerprint_key(sealed).is_ok(),
        }
    }
}

#[tokio::test]
async fn every_sealed_thing_opens_at_its_own_place_and_at_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(8));
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let mut ring = Ring { provider, rng, keys: Vec::new() };
    let mut stored: Vec<(Place, Vec<u8>)> = Vec::new();
    for of in 0..SITES.len() {
        for version in [1, 2] {
            let (key, sealed) = SiteKey::generate(&site(of), version, &ring.provider, ring.rng.as_ref()).await.unwrap();
            stored.push((Place::SiteKey { site: of, version }, sealed.clone()));
            ring.keys.push((of, version, key, sealed));
        }
    }
    for (of, version, key, _) in &ring.keys {
        let (site, version, rng) = (*of, *version, ring.rng.as_ref());
        // Part 0 is how data keys were sealed before submissions had parts.
        for (number, part) in [(1, 0), (1, 1), (1, 2), (2, 1)] {
            let (data_key, sealed) = key.new_data_key(submission(number), part, rng).unwrap();
            stored.push((Place::DataKey { site, version, submission: number, part }, sealed));
            for question in ["number", "name"] {
                let sealed = data_key.seal(question, &Secret::from("4111111111111111".to_owned()), rng).unwrap();
                stored.push((Place::Answer { site, born: version, submission: number, part, question }, sealed));
            }
        }
        for number in [1, 2] {
            let sealed = key.seal_code_secret(agent(number), &[7; 20], rng).unwrap();
            stored.push((Place::CodeSecret { site, version, agent: number }, sealed));
        }
        let (_, sealed) = key.new_fingerprint_key(rng).unwrap();
        stored.push((Place::FingerprintKey { site, version }, sealed));
    }
    let mut pairs = 0;
    for (own, sealed) in &stored {
        for (place, _) in &stored {
            assert_eq!(
                ring.opens(sealed, *place, &stored).await,
                own == place,
                "what is sealed for {own:?} at {place:?}"
            );
            pairs += 1;
        }
    }
    assert_eq!(pairs, 64 * 64);
}

#[tokio::test]
async fn what_is_moved_to_a_newer_version_opens_under_it_alone_and_its_answers_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(9));
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let (rng, site) = (rng.as_ref(), site(0));
    let (first, _) = SiteKey::generate(&site, 1, &provider, rng).await.unwrap();
    let (second, _) = SiteKey::generate(&site, 2, &provider, rng).await.unwrap();
    let number = Secret::from("4111111111111111".to_owned());

    for part in [0, 1] {
        let (data_key, sealed) = first.new_data_key(submission(1), part, rng).unwrap();
        let answer = data_key.seal("number", &number, rng).unwrap();
        let moved = second.rewrap_data_key(&first, submission(1), part, &sealed, rng).unwrap();
        let opened = second.open_data_key(submission(1), part, 1, &moved).unwrap();
        assert_eq!(opened.open("number", &answer).unwrap().expose(), number.expose());
        assert!(first.open_data_key(submission(1), part, 1, &moved).is_err());
        assert!(second.open_data_key(submission(1), part, 1, &sealed).is_err());
        assert!(second.rewrap_data_key(&first, submission(2), part, &sealed, rng).is_err());
        assert!(second.rewrap_data_key(&first, submission(1), 7, &sealed, rng).is_err());
    }
    let secret = first.seal_code_secret(agent(1), &[7; 20], rng).unwrap();
    let moved = second.rewrap_code_secret(&first, agent(1), &secret, rng).unwrap();
    assert_eq!(second.open_code_secret(agent(1), &moved).unwrap().as_slice(), [7; 20]);
    assert!(second.rewrap_code_secret(&first, agent(2), &secret, rng).is_err());
    let (fingerprints, sealed) = first.new_fingerprint_key(rng).unwrap();
    let moved = second.rewrap_fingerprint_key(&first, &sealed, rng).unwrap();
    assert_eq!(second.open_fingerprint_key(&moved).unwrap().of(&number), fingerprints.of(&number));
    assert!(first.open_fingerprint_key(&moved).is_err());
}

#[tokio::test]
async fn a_fingerprint_finds_the_same_number_of_the_same_site_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(10));
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let mut keys = Vec::new();
    for of in 0..SITES.len() {
        let (key, _) = SiteKey::generate(&site(of), 1, &provider, rng.as_ref()).await.unwrap();
        keys.push(key.new_fingerprint_key(rng.as_ref()).unwrap().0);
    }
    let secret = |text: &str| Secret::from(text.to_owned());
    let of = keys[0].of(&secret("4111111111111111"));
    assert_eq!(of, keys[0].of(&secret("4111 1111-1111 1111")));
    assert_ne!(of, keys[0].of(&secret("4242424242424242")));
    assert_ne!(of, keys[1].of(&secret("4111111111111111")));
}

#[tokio::test]
async fn a_provider_of_another_vault_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(11));
    let of = |number: u128| {
        let folder = folder.path().join(number.to_string());
        KeyFile::open_or_create(&folder, Uuid::from_u128(number), true, Arc::clone(&rng)).unwrap()
    };
    let (own, other) = (of(1), of(2));
    assert_ne!(own.name(), other.name());
    let (_, sealed) = SiteKey::generate(&site(0), 1, &own, rng.as_ref()).await.unwrap();
    assert!(SiteKey::open(&site(0), 1, &sealed, &own).await.is_ok());
    assert!(SiteKey::open(&site(0), 1, &sealed, &other).await.is_err());
}
