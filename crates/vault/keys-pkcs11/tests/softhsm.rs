//! The provider on a real module: SoftHSM2, with a token in a temporary folder.
//!
//! The module reads where its tokens are from its environment, so each test runs as a process of its own, started by itself.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use aside_base::{SeededRng, SiteId};
use aside_vault_keys::{KeyProvider as _, ProviderError, ProviderKind, SiteKey, UnsealError};
use aside_vault_keys_pkcs11::{KeyPlan, MakeKeyError, Pkcs11Provider, make_key};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::UserType;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Debian's SoftHSM2.
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "135246";
/// Names the folder to the process that a test starts.
const FOLDER: &str = "ASIDE_SOFTHSM_FOLDER";
const DATABASE: Uuid = Uuid::from_u128(1);

/// A folder with a token.
struct Token(PathBuf);

impl Token {
    fn plan(&self) -> KeyPlan {
        KeyPlan { module: MODULE.into(), token: "aside".into(), key: "vault".into() }
    }

    fn provider(&self) -> Pkcs11Provider {
        Pkcs11Provider::new(self.plan(), DATABASE, Some(self.pin_file()))
    }

    fn pin_file(&self) -> PathBuf {
        self.0.join("pin")
    }

    fn write_pin(&self, pin: &str) {
        fs::write(self.pin_file(), pin).unwrap();
        fs::set_permissions(self.pin_file(), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Takes the token away, and brings it back.
    fn unplug(&self) {
        fs::rename(self.0.join("tokens"), self.0.join("elsewhere")).unwrap();
        fs::create_dir(self.0.join("tokens")).unwrap();
    }

    fn plug_in(&self) {
        fs::remove_dir(self.0.join("tokens")).unwrap();
        fs::rename(self.0.join("elsewhere"), self.0.join("tokens")).unwrap();
    }
}

fn init_token(folder: &Path, label: &str) {
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", label, "--so-pin", "975310", "--pin", PIN])
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .output()
        .unwrap_or_else(|error| panic!("softhsm2-util: {error}: install softhsm2"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Runs `test` in a process of its own that has a token and, in it, the key.
fn with_token(name: &str, test: impl AsyncFnOnce(Token)) {
    if let Some(folder) = env::var_os(FOLDER) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(test(Token(folder.into())));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("tokens")).unwrap();
    fs::write(
        path.join("softhsm2.conf"),
        format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            path.join("tokens").display()
        ),
    )
    .unwrap();
    init_token(path, "aside");
    Token(path.to_owned()).write_pin(PIN);
    let ran = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, path)
        .env("SOFTHSM2_CONF", path.join("softhsm2.conf"))
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

/// A key as a careless tool makes it.
fn make_extractable_key(token: &Token) {
    let module = Pkcs11::new(MODULE).unwrap();
    module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slot = module.get_slots_with_initialized_token().unwrap()[0];
    let session = module.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&PIN.to_owned().into())).unwrap();
    let template = [
        Attribute::Label(token.plan().key.into_bytes()),
        Attribute::Token(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(true),
        Attribute::ValueLen(32.into()),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &template).unwrap();
}

fn site() -> SiteId {
    "northwind".parse().unwrap()
}

#[test]
fn a_site_key_is_sealed_in_the_token_and_opens_at_its_own_place_alone() {
    with_token("a_site_key_is_sealed_in_the_token_and_opens_at_its_own_place_alone", async |token| {
        make_key(&token.plan(), PIN).unwrap();
        assert!(matches!(make_key(&token.plan(), PIN), Err(MakeKeyError::Exists { .. })));
        let (provider, rng) = (token.provider(), SeededRng::new(1));
        assert_eq!((provider.kind(), provider.name()), (ProviderKind::Pkcs11, "pkcs11:aside/vault"));
        assert_eq!(provider.check().await, Ok(()));
        let (_, sealed) = SiteKey::generate(&site(), 1, &provider, &rng).await.unwrap();
        assert!(SiteKey::open(&site(), 1, &sealed, &provider).await.is_ok());

        let key_error = |tried| matches!(tried, Err(ProviderError::Key(_)));
        assert!(key_error(SiteKey::open(&site(), 2, &sealed, &provider).await));
        assert!(key_error(SiteKey::open(&"other".parse().unwrap(), 1, &sealed, &provider).await));
        let other_vault = Pkcs11Provider::new(token.plan(), Uuid::from_u128(2), Some(token.pin_file()));
        assert!(key_error(SiteKey::open(&site(), 1, &sealed, &other_vault).await));
        for position in [0, 1, 13, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(key_error(SiteKey::open(&site(), 1, &changed, &provider).await), "byte {position}");
            assert!(key_error(SiteKey::open(&site(), 1, &sealed[..position], &provider).await), "cut at {position}");
        }
        // What it refused has not hurt it.
        assert!(SiteKey::open(&site(), 1, &sealed, &provider).await.is_ok());
    });
}

#[test]
fn a_token_that_is_taken_away_is_unreachable_and_found_again_by_itself() {
    with_token("a_token_that_is_taken_away_is_unreachable_and_found_again_by_itself", async |token| {
        make_key(&token.plan(), PIN).unwrap();
        let (provider, rng) = (token.provider(), SeededRng::new(1));
        let sealed = provider.seal(b"here", b"a key", &rng).await.unwrap();
        token.unplug();
        let away = |tried| matches!(tried, Err(ProviderError::Unreachable(_)));
        // A session that was open before sees at its next look that nothing is there.
        assert!(away(provider.check().await));
        assert!(away(provider.open(b"here", &sealed).await.map(drop)));
        assert!(away(provider.seal(b"here", b"a key", &rng).await.map(drop)));
        token.plug_in();
        assert_eq!(provider.check().await, Ok(()));
        assert_eq!(provider.open(b"here", &sealed).await.unwrap().as_slice(), b"a key");
    });
}

#[test]
fn a_wrong_pin_is_tried_once_and_the_right_one_unseals() {
    with_token("a_wrong_pin_is_tried_once_and_the_right_one_unseals", async |token| {
        make_key(&token.plan(), PIN).unwrap();
        let provider = token.provider();
        token.write_pin("999999");
        // Each try counts at the token, which locks itself; so a PIN that was wrong is not tried again.
        for _ in 0..20 {
            assert!(matches!(provider.check().await, Err(ProviderError::Unreachable(_))));
        }
        token.write_pin(&format!("{PIN}\n"));
        assert_eq!(provider.check().await, Ok(()));

        let typed = |pin: &str| Zeroizing::new(pin.to_owned());
        let asked = Pkcs11Provider::new(token.plan(), DATABASE, None);
        assert_eq!(asked.check().await, Err(ProviderError::Sealed));
        drop(provider);
        assert_eq!(asked.unseal(typed(PIN)).await, Ok(()));
        assert_eq!(asked.unseal(typed(PIN)).await, Err(UnsealError::AlreadyOpen));
        assert_eq!(asked.check().await, Ok(()));
    });
}

#[test]
fn a_token_without_the_key_or_with_two_of_its_name_is_refused() {
    with_token("a_token_without_the_key_or_with_two_of_its_name_is_refused", async |token| {
        let said = |checked: Result<(), ProviderError>| match checked {
            Err(ProviderError::Unreachable(said)) => said,
            other => panic!("{other:?}"),
        };
        assert_eq!(said(token.provider().check().await), "the token has no AES key with the label vault");
        let plan = KeyPlan { token: "nobody's".into(), ..token.plan() };
        let other = Pkcs11Provider::new(plan, DATABASE, Some(token.pin_file()));
        assert_eq!(said(other.check().await), "there is no token with the label nobody's");
        let plan = KeyPlan { module: token.0.join("none.so"), ..token.plan() };
        let other = Pkcs11Provider::new(plan, DATABASE, Some(token.pin_file()));
        assert!(said(other.check().await).contains("none.so"));
        init_token(&token.0, "aside");
        assert_eq!(said(token.provider().check().await), "there are several tokens with the label aside");
    });
}

#[test]
fn a_key_that_could_be_read_out_of_the_token_is_refused() {
    with_token("a_key_that_could_be_read_out_of_the_token_is_refused", async |token| {
        make_extractable_key(&token);
        let Err(ProviderError::Unreachable(said)) = token.provider().check().await else { panic!("took it") };
        assert!(said.starts_with("the key may be read out of the token"), "{said}");
    });
}
