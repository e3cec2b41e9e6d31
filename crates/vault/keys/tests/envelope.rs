//! The envelope as the vault uses it, with a key file on a real disk.
#![expect(clippy::disallowed_methods, reason = "the test compares what was sealed with what was opened")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use aside_base::{AgentId, Rng, Secret, SeededRng, SiteId, SubmissionId};
use aside_local_key::secret_file::SecretFileError;
use aside_vault_keys::{KeyFile, KeyFileError, SiteKey};
use uuid::Uuid;

fn rng(seed: u64) -> Arc<dyn Rng> {
    Arc::new(SeededRng::new(seed))
}

fn submission(number: u128) -> SubmissionId {
    SubmissionId::from_uuid(Uuid::from_u128(number))
}

#[tokio::test]
async fn an_answer_opens_only_at_its_own_question_submission_version_and_site() {
    let rng = rng(1);
    let folder = tempfile::tempdir().unwrap();
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let sites: Vec<SiteId> = ["northwind", "other"].iter().map(|name| name.parse().unwrap()).collect();

    struct Sealed {
        site: usize,
        version: u32,
        submission: u128,
        part: u8,
        question: &'static str,
        site_key: Vec<u8>,
        data_key: Vec<u8>,
        answer: Vec<u8>,
    }
    let mut all = Vec::new();
    for (index, site) in sites.iter().enumerate() {
        for version in [1, 2] {
            let (site_key, sealed_site_key) = SiteKey::generate(site, version, &provider, rng.as_ref()).await.unwrap();
            for (number, part) in [(10, 0), (10, 1), (10, 2), (11, 1)] {
                let (data_key, sealed_data_key) =
                    site_key.new_data_key(submission(number), part, rng.as_ref()).unwrap();
                for question in ["number", "name"] {
                    let answer =
                        data_key.seal(question, &Secret::from("4111111111111111".to_owned()), rng.as_ref()).unwrap();
                    all.push(Sealed {
                        site: index,
                        version,
                        submission: number,
                        part,
                        question,
                        site_key: sealed_site_key.clone(),
                        data_key: sealed_data_key.clone(),
                        answer,
                    });
                }
            }
        }
    }
    // Every part of every value, tried at every place of every other: opens exactly where all parts are its own.
    for keys in &all {
        for data in &all {
            for answer in &all {
                let site_key = SiteKey::open(&sites[keys.site], keys.version, &keys.site_key, &provider).await.unwrap();
                let opened = site_key
                    .open_data_key(submission(data.submission), keys.part, data.version, &data.data_key)
                    .and_then(|data_key| data_key.open(keys.question, &answer.answer));
                let same_key = data.site_key == keys.site_key && data.part == keys.part;
                let same_place = answer.data_key == data.data_key && answer.question == keys.question;
                assert_eq!(opened.is_ok(), same_key && same_place);
                if let Ok(secret) = opened {
                    assert_eq!(secret.expose(), "4111111111111111");
                }
            }
        }
    }
    // A site key tried under another name or version.
    for keys in &all {
        assert!(SiteKey::open(&sites[1 - keys.site], keys.version, &keys.site_key, &provider).await.is_err());
        assert!(SiteKey::open(&sites[keys.site], 3 - keys.version, &keys.site_key, &provider).await.is_err());
    }
}

#[tokio::test]
async fn a_code_secret_opens_for_its_own_agent_site_and_version_alone() {
    let rng = rng(6);
    let folder = tempfile::tempdir().unwrap();
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let agents = [AgentId::from_uuid(Uuid::from_u128(1)), AgentId::from_uuid(Uuid::from_u128(2))];
    let mut keys = Vec::new();
    for site in ["northwind", "other"] {
        for version in [1, 2] {
            keys.push(SiteKey::generate(&site.parse().unwrap(), version, &provider, rng.as_ref()).await.unwrap().0);
        }
    }
    for (own, key) in keys.iter().enumerate() {
        let sealed = key.seal_code_secret(agents[0], &[7; 20], rng.as_ref()).unwrap();
        for (other, tried) in keys.iter().enumerate() {
            for agent in agents {
                let opened = tried.open_code_secret(agent, &sealed);
                assert_eq!(opened.is_ok(), own == other && agent == agents[0]);
                assert!(opened.is_err() || opened.is_ok_and(|secret| secret.as_slice() == [7; 20]));
            }
        }
        // What is sealed for another purpose is no code secret, and the other way round.
        let (_, data_key) = key.new_data_key(SubmissionId::from_uuid(Uuid::from_u128(1)), 1, rng.as_ref()).unwrap();
        assert!(key.open_code_secret(agents[0], &data_key).is_err());
        assert!(key.open_data_key(SubmissionId::from_uuid(Uuid::from_u128(1)), 1, 1, &sealed).is_err());
    }
}

#[tokio::test]
async fn a_key_file_is_made_once_and_read_again() {
    let rng = rng(2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let site: SiteId = "northwind".parse().unwrap();
    let provider = KeyFile::open_or_create(&path, Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let (_, sealed) = SiteKey::generate(&site, 1, &provider, rng.as_ref()).await.unwrap();
    let again = KeyFile::open_or_create(&path, Uuid::from_u128(1), false, Arc::clone(&rng)).unwrap();
    assert!(SiteKey::open(&site, 1, &sealed, &again).await.is_ok());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(path.join("vault.key")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_database_without_its_key_file_is_refused() {
    let rng = rng(3);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let missing = KeyFile::open_or_create(&path, Uuid::from_u128(1), false, Arc::clone(&rng));
    assert!(matches!(missing, Err(KeyFileError::Missing(_))));
    assert!(!path.exists(), "a refusal makes nothing");
    KeyFile::open_or_create(&path, Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let other = KeyFile::open_or_create(&path, Uuid::from_u128(2), false, Arc::clone(&rng));
    assert!(matches!(other, Err(KeyFileError::OfAnotherDatabase(_))));
}

#[test]
fn a_key_file_that_others_may_read_or_that_is_damaged_is_refused() {
    let rng = rng(4);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let database = Uuid::from_u128(1);
    KeyFile::open_or_create(&path, database, true, Arc::clone(&rng)).unwrap();
    let file = path.join("vault.key");
    let mode = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let open = || KeyFile::open_or_create(&path, database, false, Arc::clone(&rng));

    mode(&file, 0o640);
    assert!(matches!(open(), Err(KeyFileError::File(SecretFileError::TooWide { wanted: 0o600, .. }))));
    mode(&file, 0o600);
    mode(&path, 0o755);
    assert!(matches!(open(), Err(KeyFileError::File(SecretFileError::TooWide { wanted: 0o700, .. }))));
    mode(&path, 0o700);
    assert!(open().is_ok());

    let whole = fs::read_to_string(&file).unwrap();
    for damaged in ["", "something else\n", &whole[..whole.len() - 10], &whole.replace("key 1", "key 2")] {
        fs::write(&file, damaged).unwrap();
        assert!(matches!(open(), Err(KeyFileError::Unreadable(_))), "{} bytes", damaged.len());
    }
}

#[tokio::test]
async fn an_answer_opens_under_the_version_that_its_data_key_was_born_under_and_no_other() {
    let rng = rng(7);
    let folder = tempfile::tempdir().unwrap();
    let provider =
        KeyFile::open_or_create(&folder.path().join("key"), Uuid::from_u128(1), true, Arc::clone(&rng)).unwrap();
    let (site_key, _) = SiteKey::generate(&"northwind".parse().unwrap(), 3, &provider, rng.as_ref()).await.unwrap();
    let (data_key, sealed) = site_key.new_data_key(submission(1), 1, rng.as_ref()).unwrap();
    let answer = data_key.seal("number", &Secret::from("4111111111111111".to_owned()), rng.as_ref()).unwrap();
    for born in 1..5 {
        let opened = site_key.open_data_key(submission(1), 1, born, &sealed).unwrap().open("number", &answer);
        assert_eq!(opened.is_ok(), born == 3);
    }
}
