//! `aside-desk serve`: everything is opened and checked before the first connection is taken.

use std::path::Path;
use std::sync::Arc;

use aside_desk_http::link::Link;
use aside_desk_http::password::Cost;
use aside_desk_http::{Background, Desk, Settings, router};
use aside_local_key::LocalKey;
use aside_operate::{Shutdown, StartError, SystemClock, SystemRng, bind, say_ready, start_logging, tls_client};

use crate::config::{open_store, read, take_folder};

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
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng::default()));
    let local_key = LocalKey::open_or_create(&loaded.path(&config.data.key_folder), None, rng.as_ref());
    let local_key = local_key.map_err(StartError::new)?;
    let desk = Desk::new(store, Arc::new(link), clock, rng, &local_key, forms, settings).map_err(StartError::new)?;
    let desk = Arc::new(desk);
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
