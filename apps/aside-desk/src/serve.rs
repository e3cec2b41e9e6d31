//! `aside-desk serve`: everything is opened and checked before the first connection is taken.

use std::path::Path;
use std::sync::Arc;

use aside_chain::{Notary, Signer};
use aside_desk_http::link::Link;
use aside_desk_http::password::Cost;
use aside_desk_http::{Background, Desk, Outlook, Settings, router};
use aside_desk_store::AuditChain as _;
use aside_local_key::LocalKey;
use aside_operate::{
    Loaded, Reserve, Shutdown, StartError, SystemClock, SystemRng, bind, say_ready, start_logging, tls_client,
};

use crate::config::{Config, open_store, read, take_folder};

pub(crate) async fn serve(file: &Path, log: Option<&str>) -> Result<(), StartError> {
    let loaded = read(file)?;
    let config = &loaded.config;
    start_logging(log.unwrap_or(&config.log.level))?;
    let shutdown = Shutdown::on_signal()?;
    let link = Link::new(&config.vault.address, tls_client(&config.tls.beside(&loaded))?).map_err(StartError::new)?;
    let forms = aside_form::out_of_the_box()
        .map_err(|_| StartError::new("the forms out of the box do not pass their own check"))?;
    let settings = Settings {
        desk_origin: config.listen.desk_origin.clone(),
        chat_origin: config.listen.chat_origin.clone(),
        vault_origin: config.vault.public_origin.clone(),
        logins_per_minute: config.limits.logins_per_minute,
        messages_per_minute: config.limits.messages_per_minute,
        password_cost: Cost::default(),
    };
    let listener = bind(config.listen.public, "listen.public").await?;
    let public = listener.local_addr().map_err(StartError::new)?;
    let _taken = take_folder(&loaded)?;
    let store = Arc::new(open_store(&loaded)?);
    let known = store.local_key().await.map_err(StartError::new)?;
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng::default()));
    let local_key = LocalKey::open_or_create(&loaded.path(&config.data.key_folder), known.as_ref(), rng.as_ref());
    let local_key = local_key.map_err(StartError::new)?;
    store.keep_local_key(local_key.fingerprint()).await.map_err(StartError::new)?;
    let outlook = outlook(&loaded, &local_key)?;
    let desk = Desk::new(store, Arc::new(link), clock, rng, &local_key, forms, settings).map_err(StartError::new)?;
    let desk = Arc::new(desk.watched(outlook));
    let background = Background::start(&desk);
    say_ready(&[("public", public)]);
    let ending = async {
        shutdown.asked().await;
        desk.stop();
    };
    aside_web::serve(listener, router(&desk), ending).await;
    background.finish().await;
    tracing::info!("stopped");
    Ok(())
}

/// What the desk is watched with: the key that signs, where that is shipped, and the disk.
fn outlook(loaded: &Loaded<Config>, local_key: &LocalKey) -> Result<Outlook, StartError> {
    let signer = Signer::from_seed(local_key.derive("audit checkpoints 1").seed()).map_err(StartError::new)?;
    let shipping = loaded.config.audit.beside(loaded);
    let notary = Notary::new(signer, "desk", Arc::new(move |line| shipping.ship("aside-desk", line)));
    let data = &loaded.config.data;
    let reserve = Reserve::in_folder(loaded.path(&data.folder), data.reserve_mb);
    Ok(Outlook { notary: Some(notary), low_space: Some(Arc::new(move || reserve.is_touched())) })
}
