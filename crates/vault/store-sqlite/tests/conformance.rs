//! The vault's store on SQLite holds what every back end must hold.
#![expect(clippy::expect_used, reason = "tests may panic")]

use std::sync::Arc;

use aside_base::SeededRng;
use aside_vault_store::Store;
use aside_vault_store::conformance::Place;
use aside_vault_store_sqlite::SqliteStore;
use async_trait::async_trait;
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn fresh() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }
}

#[async_trait]
impl Place for Folder {
    async fn open(&self) -> Arc<dyn Store> {
        let store =
            SqliteStore::open(&self.0.path().join("vault.sqlite"), &SeededRng::new(1)).expect("the store opens");
        Arc::new(store)
    }
}

aside_vault_store::conformance!(Folder::fresh());
