//! What a program needs from the machine it runs on: configuration, clock, randomness, logs, signals, certificates.
//!
//! The only room that reads the system's clock and generator. It must never log a value of the configuration.

mod config;
mod core_dump;
mod folder;
mod listen;
mod log;
mod ready;
mod refusal;
mod shipping;
mod shutdown;
mod space;
mod system;
mod tls;

pub use config::{Loaded, load};
pub use core_dump::forbid_core_dumps;
pub use folder::take_folder;
pub use listen::bind;
pub use log::{Log, start_logging};
pub use ready::say_ready;
pub use refusal::{StartError, refuse};
pub use shipping::{Shipping, Syslog};
pub use shutdown::Shutdown;
pub use space::{LEAST_RESERVE_MB, Reserve};
pub use system::{SystemClock, SystemRng, own_program};
pub use tls::{TlsFiles, install_provider, tls_client, tls_server};
