//! The ports of one house, all on 127.0.0.1, and whether they are free.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use aside_base::Rng;

/// Which port serves what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// The desk: workspace and chat, told apart by Host.
    pub desk: u16,
    /// The vault's pages.
    pub vault: u16,
    /// The brand's sample site and the first page.
    pub brand: u16,
    /// The zone link.
    pub zone: u16,
}

impl Ports {
    /// What the README, and a newcomer's bookmarks, say.
    pub const DEMO: Self = Self { desk: 8080, vault: 8081, brand: 8082, zone: 8083 };

    /// Four ports that are free now. Below 32768: above it the system hands ports to outgoing connections at any moment.
    #[must_use]
    pub fn free(rng: &dyn Rng) -> Option<Self> {
        (0..200).find_map(|_| {
            // Four neighbours somewhere in 20000..=31999.
            let first = 20_000 + u16::from_be_bytes(rng.bytes()) % 3_000 * 4;
            let ports = Self { desk: first, vault: first + 1, brand: first + 2, zone: first + 3 };
            ports.taken().is_none().then_some(ports)
        })
    }

    /// The first port that another program holds.
    #[must_use]
    pub fn taken(&self) -> Option<TakenPort> {
        [
            (self.desk, "the desk"),
            (self.vault, "the vault"),
            (self.brand, "the sample site"),
            (self.zone, "the zone link"),
        ]
        .into_iter()
        .find(|(port, _)| TcpListener::bind(local(*port)).is_err())
        .map(|(port, purpose)| TakenPort { port, purpose })
    }
}

/// `port` of this machine, reachable from this machine only.
#[must_use]
pub fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// A port that cannot be had, in one clear line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenPort {
    /// The port.
    pub port: u16,
    /// What would have listened there.
    pub purpose: &'static str,
}

impl fmt::Display for TakenPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, purpose } = self;
        write!(
            f,
            "port {port} (for {purpose}) is taken by another program, perhaps another demo; \
             `ss -ltnp 'sport = :{port}'` shows which: stop it and start again"
        )
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_taken_port_is_named_with_what_it_is_for_and_what_to_do() {
        // The first that is asked for, so that no other test's port can come before it.
        let other = TcpListener::bind(local(0)).unwrap();
        let held = other.local_addr().unwrap().port();
        let taken = Ports { desk: held, ..Ports::DEMO }.taken().unwrap();
        assert_eq!(taken.port, held);
        assert!(taken.to_string().contains("for the desk") && taken.to_string().contains("stop it"), "{taken}");
    }

    #[test]
    fn free_ports_are_four_neighbours_below_the_systems_own_range() {
        let ports = Ports::free(&SeededRng::new(u64::from(std::process::id()))).unwrap();
        assert_eq!([ports.vault, ports.brand, ports.zone], [ports.desk + 1, ports.desk + 2, ports.desk + 3]);
        assert!((20_000..32_768).contains(&ports.desk));
    }
}
