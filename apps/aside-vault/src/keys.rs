//! `[keys]`: which provider seals the sites' keys, and which ones only open what they sealed before.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aside_base::Rng;
use aside_operate::{Loaded, StartError, SystemClock};
use aside_vault_keys::{KeyFile, KeyFilePlan, KeyProvider};
use aside_vault_keys_kms::{KmsPlan, KmsProvider};
use aside_vault_keys_pkcs11::{KeyPlan, Pkcs11Provider};
use aside_vault_store::KeyRing as _;
use aside_vault_store_sqlite::SqliteStore;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::config::Config;

/// The certificates that a Debian machine trusts.
const SYSTEM_CA: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The section `[keys]`: the provider that seals, and `[[keys.former]]`.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) current: Source,
    pub(crate) former: Vec<Source>,
}

/// Where keys are, by `provider`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Source {
    /// A file in `data.key_folder`.
    File {
        /// Its name there.
        #[serde(default = "key_file")]
        file: String,
        /// Whether it must be under a passphrase.
        #[serde(default)]
        passphrase: bool,
        /// The passphrase, as the operating system hands it over.
        #[serde(default)]
        credential: Option<PathBuf>,
    },
    /// A hardware security module.
    Pkcs11 {
        /// The shared library of whoever made the token.
        module: PathBuf,
        /// The token's label.
        token: String,
        /// The key's label.
        key: String,
        /// The PIN, as the operating system hands it over.
        #[serde(default)]
        credential: Option<PathBuf>,
    },
    /// A cloud's key service.
    Kms {
        /// Its address; AWS's in the region where none is said.
        #[serde(default)]
        endpoint: Option<String>,
        /// The region that requests are signed for.
        region: String,
        /// The key: an id, an ARN or an alias.
        key: String,
        /// The file with the access key.
        credential: PathBuf,
        /// The certificates that the service's may be signed by.
        #[serde(default)]
        ca: Option<PathBuf>,
    },
}

fn key_file() -> String {
    "vault.key".to_owned()
}

impl Default for Source {
    fn default() -> Self {
        Self::File { file: key_file(), passphrase: false, credential: None }
    }
}

impl<'de> Deserialize<'de> for Keys {
    /// The provider's own keys stand in the section itself, beside `former`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut section = Map::deserialize(deserializer)?;
        let former = section.remove("former").map(serde_json::from_value).transpose().map_err(D::Error::custom)?;
        section.entry("provider").or_insert_with(|| Value::String("file".to_owned()));
        let current = serde_json::from_value(Value::Object(section)).map_err(D::Error::custom)?;
        Ok(Self { current, former: former.unwrap_or_default() })
    }
}

/// The providers of a vault.
pub(crate) struct Providers {
    pub(crate) current: Arc<dyn KeyProvider>,
    pub(crate) former: Vec<Arc<dyn KeyProvider>>,
}

/// Makes the providers that are configured. Refuses a database whose keys none of them sealed.
pub(crate) async fn providers(
    loaded: &Loaded<Config>,
    store: &SqliteStore,
    rng: &Arc<impl Rng + 'static>,
) -> Result<Providers, StartError> {
    let rng = Arc::clone(rng) as Arc<dyn Rng>;
    let sealed_by = sealed_by(store).await?;
    let keys = &loaded.config.keys;
    let of = |source: &Source, may_create: bool| provider(loaded, source, store.database(), may_create, &rng);
    let former = keys.former.iter().map(|source| of(source, false)).collect::<Result<Vec<_>, _>>()?;
    let is_former = |name: &String| former.iter().any(|provider| provider.name() == name);
    // A key file may be made where nothing depends on one that is lost.
    let may_create = sealed_by.iter().all(|name| name.as_ref().is_some_and(is_former));
    let current = of(&keys.current, may_create)?;
    for name in sealed_by.iter().flatten() {
        if name != current.name() && !is_former(name) {
            return Err(StartError(format!(
                "the database's site keys were sealed by {name}, which is not configured: put it into [keys] or [[keys.former]]"
            )));
        }
    }
    Ok(Providers { current, former })
}

/// The providers by which the database's keys are sealed; none for what was sealed before providers had names.
async fn sealed_by(store: &SqliteStore) -> Result<Vec<Option<String>>, StartError> {
    let versions = store.site_key_versions().await.map_err(StartError::new)?;
    let mut names: Vec<Option<String>> =
        versions.into_iter().filter(|version| version.retired_at.is_none()).map(|version| version.provider).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

fn provider(
    loaded: &Loaded<Config>,
    source: &Source,
    database: Uuid,
    may_create: bool,
    rng: &Arc<dyn Rng>,
) -> Result<Arc<dyn KeyProvider>, StartError> {
    Ok(match source {
        Source::File { .. } => {
            let plan = file_plan(loaded, source, database, may_create)?;
            Arc::new(KeyFile::with(plan, Arc::clone(rng)).map_err(StartError::new)?)
        }
        Source::Pkcs11 { module, token, key, credential } => {
            let plan = token_plan(loaded, module, token, key)?;
            Arc::new(Pkcs11Provider::new(plan, database, found(loaded, credential.as_deref())?))
        }
        Source::Kms { endpoint, region, key, credential, ca } => {
            let endpoint = endpoint.clone().unwrap_or_else(|| format!("https://kms.{region}.amazonaws.com"));
            let credentials = found(loaded, Some(credential))?.unwrap_or_default();
            let ca = ca.as_ref().map_or_else(|| PathBuf::from(SYSTEM_CA), |ca| loaded.path(ca));
            let plan = KmsPlan { endpoint, region: region.clone(), key: key.clone(), credentials, ca };
            Arc::new(KmsProvider::new(plan, database, Arc::new(SystemClock)).map_err(StartError::new)?)
        }
    })
}

/// The key file that `source` means; refuses a name that leads out of the key folder.
pub(crate) fn file_plan(
    loaded: &Loaded<Config>,
    source: &Source,
    database: Uuid,
    may_create: bool,
) -> Result<KeyFilePlan, StartError> {
    let Source::File { file, passphrase, credential } = source else {
        return Err(StartError::new("keys.provider is not file: only a key file has a passphrase"));
    };
    if file.is_empty() || Path::new(file).file_name() != Some(file.as_ref()) {
        return Err(StartError(format!("keys.file must be a name in data.key_folder, and {file} is none")));
    }
    Ok(KeyFilePlan {
        folder: loaded.path(&loaded.config.data.key_folder),
        file: file.clone(),
        database,
        may_create,
        passphrase: *passphrase,
        credential: found(loaded, credential.as_deref())?,
    })
}

/// The key of a token that the configuration means.
pub(crate) fn token_plan(
    loaded: &Loaded<Config>,
    module: &Path,
    token: &str,
    key: &str,
) -> Result<KeyPlan, StartError> {
    let module = loaded.path(module);
    if !module.exists() {
        return Err(StartError(format!("keys.module {} is not there", module.display())));
    }
    Ok(KeyPlan { module, token: token.to_owned(), key: key.to_owned() })
}

/// A credential: a name in the folder that the operating system gives the service, or a path.
pub(crate) fn found(loaded: &Loaded<Config>, credential: Option<&Path>) -> Result<Option<PathBuf>, StartError> {
    let Some(credential) = credential else { return Ok(None) };
    if credential.components().count() > 1 {
        return Ok(Some(loaded.path(credential)));
    }
    match std::env::var_os("CREDENTIALS_DIRECTORY") {
        Some(folder) => Ok(Some(PathBuf::from(folder).join(credential))),
        None => Err(StartError(format!(
            "keys.credential {0} is a name, and $CREDENTIALS_DIRECTORY is not set: have the service manager load it, or write a \
             path such as ./{0}",
            credential.display()
        ))),
    }
}
