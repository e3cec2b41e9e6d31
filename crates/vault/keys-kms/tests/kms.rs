//! The provider against a stand-in for the service that checks signatures by the published algorithm, written here once more.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod service;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use aside_base::{ManualClock, SeededRng, SiteId, Timestamp};
use aside_vault_keys::{KeyProvider as _, ProviderError, ProviderKind, SiteKey, UnsealError};
use aside_vault_keys_kms::{KmsClientError, KmsPlan, KmsProvider};
use service::{Mood, SECRET, Service};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

/// 22 November 2026.
const NOW: Timestamp = Timestamp(1_795_344_540_000);
const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const DATABASE: Uuid = Uuid::from_u128(1);

struct Place {
    folder: TempDir,
    service: Service,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(NOW).await;
        fs::write(folder.path().join("ca.pem"), &service.ca).unwrap();
        let place = Self { folder, service };
        place.sign_with(SECRET);
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn sign_with(&self, secret: &str) {
        let text = format!("[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {secret}\n");
        fs::write(self.path("credentials"), text).unwrap();
        fs::set_permissions(self.path("credentials"), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn plan(&self) -> KmsPlan {
        KmsPlan {
            endpoint: self.service.endpoint(),
            region: "eu-central-1".into(),
            key: KEY.into(),
            credentials: self.path("credentials"),
            ca: self.path("ca.pem"),
        }
    }

    fn provider(&self) -> KmsProvider {
        provider(self.plan(), DATABASE, NOW)
    }
}

fn provider(plan: KmsPlan, database: Uuid, now: Timestamp) -> KmsProvider {
    KmsProvider::new(plan, database, Arc::new(ManualClock::at(now))).unwrap()
}

fn site() -> SiteId {
    "northwind".parse().unwrap()
}

fn said<T: std::fmt::Debug>(tried: Result<T, ProviderError>) -> String {
    match tried {
        Err(ProviderError::Unreachable(said)) => said,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_site_key_is_sealed_by_the_service_and_opens_at_its_own_place_alone() {
    let place = Place::new().await;
    let (provider, rng) = (place.provider(), SeededRng::new(1));
    assert_eq!((provider.kind(), provider.name()), (ProviderKind::Kms, format!("kms:{KEY}").as_str()));
    assert_eq!(provider.check().await, Ok(()));
    let (_, sealed) = SiteKey::generate(&site(), 1, &provider, &rng).await.unwrap();
    assert!(SiteKey::open(&site(), 1, &sealed, &provider).await.is_ok());
    let key_error = |tried| matches!(tried, Err(ProviderError::Key(_)));
    assert!(key_error(SiteKey::open(&site(), 2, &sealed, &provider).await));
    assert!(key_error(SiteKey::open(&"other".parse().unwrap(), 1, &sealed, &provider).await));
    let other_vault = self::provider(place.plan(), Uuid::from_u128(2), NOW);
    assert!(key_error(SiteKey::open(&site(), 1, &sealed, &other_vault).await));
    let mut changed = sealed.clone();
    changed[20] ^= 1;
    assert!(key_error(SiteKey::open(&site(), 1, &changed, &provider).await));
    assert!(key_error(SiteKey::open(&site(), 1, &[], &provider).await));
    assert_eq!(provider.unseal(Zeroizing::new("x".into())).await, Err(UnsealError::NotByPassphrase));
    let operations = ["DescribeKey", "Encrypt", "Decrypt", "Decrypt", "Decrypt", "Decrypt", "Decrypt"];
    assert_eq!(place.service.asked(), operations, "a value that is none is not even sent");
}

#[tokio::test]
async fn a_request_that_is_signed_with_another_key_or_at_another_time_is_refused_by_the_service() {
    let place = Place::new().await;
    let provider = place.provider();
    place.sign_with("another secret");
    assert_eq!(said(provider.check().await), "DescribeKey: InvalidSignatureException");
    // The file is read each time: a rotated access key holds at once.
    place.sign_with(SECRET);
    assert_eq!(provider.check().await, Ok(()));
    let late = self::provider(place.plan(), DATABASE, NOW.plus_seconds(3_600));
    assert_eq!(said(late.check().await), "DescribeKey: InvalidSignatureException");
    let elsewhere = self::provider(KmsPlan { region: "eu-west-1".into(), ..place.plan() }, DATABASE, NOW);
    assert_eq!(said(elsewhere.check().await), "DescribeKey: InvalidSignatureException");
    fs::set_permissions(place.path("credentials"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(said(provider.check().await).ends_with("chmod 600 it"));
}

#[tokio::test]
async fn a_service_that_cannot_now_is_unreachable_and_what_it_says_of_a_value_is_not() {
    let place = Place::new().await;
    let (provider, rng) = (place.provider(), SeededRng::new(1));
    let sealed = provider.seal(b"here", b"a key", &rng).await.unwrap();
    for (mood, why) in [
        (Mood::Refuses("KMSInvalidStateException"), "KMSInvalidStateException"),
        (Mood::Refuses("com.amazonaws.kms#ThrottlingException"), "ThrottlingException"),
        (Mood::Refuses("AccessDeniedException"), "AccessDeniedException"),
        (Mood::Fails, "500"),
        (Mood::Babbles, "no JSON"),
        (Mood::Floods, "length limit exceeded"),
        (Mood::HangsUp, "connection"),
    ] {
        place.service.set(mood);
        let said = said(provider.open(b"here", &sealed).await);
        assert!(said.contains(why) && said.starts_with("Decrypt: "), "{mood:?}: {said}");
    }
    place.service.set(Mood::Refuses("InvalidCiphertextException"));
    assert!(matches!(provider.open(b"here", &sealed).await, Err(ProviderError::Key(_))));
    place.service.set(Mood::Disabled);
    assert_eq!(said(provider.check().await), "the key is Disabled, for ENCRYPT_DECRYPT");
    place.service.set(Mood::Good);
    assert_eq!(provider.open(b"here", &sealed).await.unwrap().as_slice(), b"a key");
}

#[tokio::test]
async fn a_service_that_is_taken_away_is_unreachable_and_found_again_by_itself() {
    let mut place = Place::new().await;
    let (provider, rng) = (place.provider(), SeededRng::new(1));
    let sealed = provider.seal(b"here", b"a key", &rng).await.unwrap();
    place.service.stop().await;
    assert!(said(provider.check().await).contains("refused"));
    assert!(said(provider.open(b"here", &sealed).await).contains("refused"));
    place.service.start_again().await;
    assert_eq!(provider.check().await, Ok(()));
    assert_eq!(provider.open(b"here", &sealed).await.unwrap().as_slice(), b"a key");
}

#[tokio::test]
async fn a_service_that_says_nothing_is_given_up_after_five_seconds() {
    let place = Place::new().await;
    place.service.set(Mood::Silent);
    assert!(said(place.provider().check().await).contains("did not answer for 5 s"));
}

#[tokio::test]
async fn another_server_at_the_services_address_is_told_nothing() {
    let place = Place::new().await;
    let stranger = Service::start(NOW).await;
    fs::write(place.path("ca.pem"), &stranger.ca).unwrap();
    assert!(said(place.provider().check().await).contains("certificate"));
    assert!(place.service.asked().is_empty(), "a request was sent to whoever had the address");
}

#[test]
fn a_plan_that_can_never_work_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let plan = |endpoint: &str, ca: &Path| KmsPlan {
        endpoint: endpoint.into(),
        region: "eu-central-1".into(),
        key: KEY.into(),
        credentials: folder.path().join("credentials"),
        ca: ca.to_owned(),
    };
    let made = |plan| KmsProvider::new(plan, DATABASE, Arc::new(ManualClock::at(NOW))).map(drop);
    let ca = folder.path().join("ca.pem");
    for endpoint in ["http://kms.example", "kms.example", "https://kms.example/path", "https://a@kms.example", ""] {
        assert!(matches!(made(plan(endpoint, &ca)), Err(KmsClientError::Endpoint)), "{endpoint}");
    }
    assert!(matches!(made(plan("https://kms.example", &ca)), Err(KmsClientError::Ca { .. })));
    fs::write(&ca, "nothing").unwrap();
    assert!(matches!(made(plan("https://kms.example", &ca)), Err(KmsClientError::Ca { .. })));
}
