//! `aside-vault serve`: starts everything or says in one line why not; ends when asked to, with what is under way.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aside_chain::{Notary, Signer};
use aside_local_key::LocalKey;
use aside_operate::{
    Loaded, Reserve, Shutdown, StartError, SystemClock, SystemRng, bind, forbid_core_dumps, load, say_ready,
    start_logging, take_folder, tls_server,
};
use aside_vault_http::{
    Desk, Desks, Outlook, Parts, Vault, operator, public_router, purge, serve_operator, serve_zone, sweep, tend_keys,
    watch,
};
use aside_vault_memory::{Lock, OffTheRecord, Room, raise_limit};
use aside_vault_pages::Pages;
use aside_vault_store::AuditChain as _;
use aside_vault_store_sqlite::SqliteStore;

use crate::config::Config;
use crate::keys;

pub(crate) async fn serve(file: &Path, log: Option<&str>) -> Result<(), StartError> {
    let loaded = load::<Config>(file)?;
    let config = &loaded.config;
    start_logging(log.unwrap_or(&config.log.level))?;
    forbid_core_dumps()?;
    if let Some(fault) = config.limits.fault() {
        return Err(StartError(format!("{}: {fault}", file.display())));
    }
    let tls = tls_server(&config.tls.beside(&loaded))?;
    // Before any file is touched: another vault may be running on them.
    let public = bind(config.listen.public, "listen.public").await?;
    let zone = bind(config.listen.zone, "listen.zone").await?;
    let shutdown = Shutdown::on_signal()?;
    let folder = data_folder(&loaded)?;
    // Two vaults on one database would each know only their own leases, views and off-the-record answers.
    let _taken = take_folder(&folder, "aside-vault")?;
    let vault = put_together(&loaded, &folder).await?;
    // Before anybody is served: nothing that is in memory from here on may be counted among what was lost.
    vault.note_restart().await.map_err(StartError::new)?;

    let listeners = [
        ("public", public.local_addr().map_err(StartError::new)?),
        ("zone", zone.local_addr().map_err(StartError::new)?),
    ];
    // One that is sealed or away is no reason not to start: forms wait for it.
    vault.check_keys().await;
    let socket = folder.join(operator::SOCKET);
    let operators = serve_operator(&socket, Arc::clone(&vault), shutdown.clone().asked())
        .map_err(|error| StartError(format!("the operator's socket {}: {error}", socket.display())))?;
    let operators = tokio::spawn(operators);
    let keys = tokio::spawn(tend_keys(Arc::clone(&vault), shutdown.clone().asked()));
    let purger = tokio::spawn(purge(Arc::clone(&vault), shutdown.clone().asked()));
    let sweeper = tokio::spawn(sweep(Arc::clone(&vault), shutdown.clone().asked()));
    let watcher = tokio::spawn(watch(Arc::clone(&vault), shutdown.clone().asked()));
    let desks = tokio::spawn(serve_zone(zone, tls, Arc::clone(&vault), shutdown.clone().asked()));
    let router = public_router(&vault);
    let browsers = tokio::spawn(aside_web::serve(public, router, shutdown.clone().asked()));
    say_ready(&listeners);

    shutdown.asked().await;
    vault.stop();
    for task in [operators, keys, purger, sweeper, watcher, desks, browsers] {
        task.await.map_err(|_| StartError::new("a part of the vault ended by a fault; see the log"))?;
    }
    Ok(())
}

fn data_folder(loaded: &Loaded<Config>) -> Result<PathBuf, StartError> {
    let folder = loaded.path(&loaded.config.data.folder);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(|error| StartError(format!("data.folder {} cannot be made: {error}", folder.display())))?;
    Ok(folder)
}

async fn put_together(loaded: &Loaded<Config>, folder: &Path) -> Result<Arc<Vault>, StartError> {
    let config = &loaded.config;
    let rng = Arc::new(SystemRng::default());
    let database = folder.join("vault.sqlite");
    let store = SqliteStore::open(&database, rng.as_ref())
        .map_err(|error| StartError(format!("{}: {error}", database.display())))?;
    // A database with something sealed in it does not start without the keys that it was sealed with.
    let providers = keys::providers(loaded, &store, &rng).await?;
    let key_folder = loaded.path(&config.data.key_folder);
    let known = store.local_key().await.map_err(StartError::new)?;
    let local_key = LocalKey::open_or_create(&key_folder, known.as_ref(), rng.as_ref()).map_err(StartError::new)?;
    store.keep_local_key(local_key.fingerprint()).await.map_err(StartError::new)?;
    let outlook = outlook(loaded, folder, &local_key)?;

    let desks = config.desks.iter().map(|desk| Desk {
        name: desk.name.clone(),
        sites: desk.sites.clone(),
        desk_origin: desk.desk_origin.clone(),
        chat_origin: desk.chat_origin.clone(),
        history: desk.history,
    });
    let room = obtain_room(config.limits.off_the_record_answers)?;
    let life = Duration::from_secs(u64::from(config.limits.off_the_record_minutes) * 60);
    Ok(Vault::new(Parts {
        store: Arc::new(store),
        key_provider: providers.current,
        former_key_providers: providers.former,
        memory: OffTheRecord::new(room, life, rng.as_ref()).map_err(StartError::new)?,
        pages: Pages::new().map_err(StartError::new)?,
        clock: Arc::new(SystemClock),
        rng,
        origin: config.listen.origin.clone(),
        desks: Desks::new(desks.collect()).map_err(StartError::new)?,
        public_posts_per_minute: config.limits.public_posts_per_minute,
        view_key_seconds: config.limits.view_key_seconds,
        outlook,
    }))
}

/// Locked memory for off-the-record answers; says what was obtained (V3).
fn obtain_room(answers: usize) -> Result<Room, StartError> {
    let limit = raise_limit().map_err(StartError::new)?;
    let room = Room::obtain(answers, Lock::MemfdSecret).map_err(StartError::new)?;
    let (lock, fit) = (room.lock().as_str(), room.places());
    if room.lock() == Lock::None {
        tracing::warn!(
            "OFF-THE-RECORD ANSWERS ARE IN ORDINARY MEMORY, which may be swapped to a disk: neither memfd_secret nor mlock is \
             allowed here. Raise the limit of locked memory (LimitMEMLOCK, RLIMIT_MEMLOCK), or turn swap off"
        );
    }
    if fit < answers {
        tracing::warn!(
            wanted = answers,
            fit,
            limit,
            "less memory may be locked than limits.off_the_record_answers needs"
        );
    }
    tracing::info!(lock, answers = fit, "memory for off-the-record answers");
    Ok(room)
}

/// What the vault is watched with: the key that signs, where that is shipped, and the disk.
fn outlook(loaded: &Loaded<Config>, folder: &Path, local_key: &LocalKey) -> Result<Outlook, StartError> {
    let signer = Signer::from_seed(local_key.derive("audit checkpoints 1").seed()).map_err(StartError::new)?;
    let shipping = loaded.config.audit.beside(loaded);
    let notary = Notary::new(signer, "vault", Arc::new(move |line| shipping.ship("aside-vault", line)));
    let data = &loaded.config.data;
    let reserve = Reserve::in_folder(folder.to_owned(), data.reserve_mb);
    let low_space = Arc::new(move || reserve.is_touched());
    Ok(Outlook { notary: Some(notary), low_space: Some(low_space), kept_days: data.audit_days })
}
