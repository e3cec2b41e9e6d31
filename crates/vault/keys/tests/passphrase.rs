//! A key file under a passphrase: sealed until it is typed or the operating system hands it over.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use aside_base::{Rng, SeededRng};
use aside_vault_keys::{
    KeyFile, KeyFileError, KeyFilePlan, KeyProvider as _, ProviderError, UnsealError, has_passphrase, set_passphrase,
};
use uuid::Uuid;
use zeroize::Zeroizing;

const RIGHT: &str = "correct horse battery staple";

fn rng() -> Arc<dyn Rng> {
    Arc::new(SeededRng::new(1))
}

fn plan(folder: &Path) -> KeyFilePlan {
    KeyFilePlan { passphrase: true, ..KeyFilePlan::plain(&folder.join("key"), Uuid::from_u128(1), true) }
}

fn typed(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

#[tokio::test]
async fn a_key_file_under_a_passphrase_is_sealed_until_the_right_one_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let made = KeyFile::with(plan(folder.path()), rng()).unwrap();
    assert_eq!(made.check().await, Err(ProviderError::Sealed));
    assert!(!folder.path().join("key/vault.key").exists(), "a key without its passphrase is on no disk");
    assert_eq!(made.unseal(typed("too short")).await, Err(UnsealError::TooShort(16)));
    assert_eq!(made.unseal(typed(RIGHT)).await, Ok(()));
    assert_eq!(made.unseal(typed(RIGHT)).await, Err(UnsealError::AlreadyOpen));
    let sealed = made.seal(b"here", b"a key", rng().as_ref()).await.unwrap();

    let again = KeyFile::with(plan(folder.path()), rng()).unwrap();
    assert_eq!(again.name(), made.name(), "which key it is, is known also while it is sealed");
    assert_eq!(again.open(b"here", &sealed).await, Err(ProviderError::Sealed));
    assert_eq!(again.seal(b"here", b"a key", rng().as_ref()).await, Err(ProviderError::Sealed));
    for wrong in ["", "correct horse battery stapl", "Correct horse battery staple"] {
        assert_eq!(again.unseal(typed(wrong)).await, Err(UnsealError::Wrong));
        assert_eq!(again.check().await, Err(ProviderError::Sealed));
    }
    assert_eq!(again.unseal(typed(RIGHT)).await, Ok(()));
    assert_eq!(again.open(b"here", &sealed).await.unwrap().as_slice(), b"a key");
}

#[tokio::test]
async fn the_operating_systems_credential_unseals_also_when_it_comes_late() {
    let folder = tempfile::tempdir().unwrap();
    let credential = folder.path().join("passphrase");
    let plan = KeyFilePlan { credential: Some(credential.clone()), ..plan(folder.path()) };
    let key_file = KeyFile::with(plan, rng()).unwrap();
    assert_eq!(key_file.check().await, Err(ProviderError::Sealed));
    fs::write(&credential, format!("{RIGHT}\n")).unwrap();
    fs::set_permissions(&credential, fs::Permissions::from_mode(0o644)).unwrap();
    let Err(ProviderError::Unreachable(said)) = key_file.check().await else { panic!("took what others may read") };
    assert!(said.ends_with("chmod 600 it") && !said.contains("horse"), "{said}");
    fs::set_permissions(&credential, fs::Permissions::from_mode(0o400)).unwrap();
    assert_eq!(key_file.check().await, Ok(()));
}

#[tokio::test]
async fn a_passphrase_is_set_and_changed_and_the_key_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let plain = KeyFilePlan { passphrase: false, ..plan(folder.path()) };
    let before = KeyFile::with(plain.clone(), rng()).unwrap();
    let sealed = before.seal(b"here", b"a key", rng().as_ref()).await.unwrap();
    assert_eq!(has_passphrase(&plain).unwrap(), Some(false));
    assert!(matches!(KeyFile::with(plan(folder.path()), rng()), Err(KeyFileError::NoPassphrase(_))));
    assert!(set_passphrase(&plain, None, "too short", rng().as_ref()).is_err());
    assert_eq!(has_passphrase(&plain).unwrap(), Some(false));

    set_passphrase(&plain, None, RIGHT, rng().as_ref()).unwrap();
    assert_eq!(has_passphrase(&plain).unwrap(), Some(true));
    let text = fs::read_to_string(folder.path().join("key/vault.key")).unwrap();
    assert!(set_passphrase(&plain, None, "another passphrase", rng().as_ref()).is_err());
    assert!(set_passphrase(&plain, Some("wrong"), "another passphrase", rng().as_ref()).is_err());
    assert_eq!(fs::read_to_string(folder.path().join("key/vault.key")).unwrap(), text);
    set_passphrase(&plain, Some(RIGHT), "another passphrase", rng().as_ref()).unwrap();

    let after = KeyFile::with(plan(folder.path()), rng()).unwrap();
    assert_eq!(after.name(), before.name());
    assert_eq!(after.unseal(typed(RIGHT)).await, Err(UnsealError::Wrong));
    assert_eq!(after.unseal(typed("another passphrase")).await, Ok(()));
    assert_eq!(after.open(b"here", &sealed).await.unwrap().as_slice(), b"a key");
}

#[tokio::test]
async fn whoever_makes_guessing_cheaper_in_the_file_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let made = KeyFile::with(plan(folder.path()), rng()).unwrap();
    made.unseal(typed(RIGHT)).await.unwrap();
    let path = folder.path().join("key/vault.key");
    let whole = fs::read_to_string(&path).unwrap();
    assert!(!whole.contains(RIGHT));
    let cheaper = whole.replace("argon2id 65536 3 1", "argon2id 8 1 1");
    assert_ne!(cheaper, whole);
    fs::write(&path, cheaper).unwrap();
    let cheap = KeyFile::with(plan(folder.path()), rng()).unwrap();
    assert_eq!(cheap.unseal(typed(RIGHT)).await, Err(UnsealError::Wrong));
    for broken in ["argon2id 0 3 1", "argon2id 65536 3", "argon2id 99999999 3 1", "argon2i 65536 3 1"] {
        fs::write(&path, whole.replace("argon2id 65536 3 1", broken)).unwrap();
        assert!(matches!(KeyFile::with(plan(folder.path()), rng()), Err(KeyFileError::Unreadable(_))), "{broken}");
    }
}
