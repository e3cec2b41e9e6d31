//! The part of a client's address that limits and counters go by.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network of one household or office: `/24` of IPv4, `/56` of IPv6. One person can choose freely within it, so a limit
/// by whole address would be none; and what is stored or logged names no single person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressPrefix {
    /// The first three bytes.
    V4([u8; 3]),
    /// The first seven bytes.
    V6([u8; 7]),
}

impl AddressPrefix {
    /// The network that `address` lies in. An IPv4 address mapped into IPv6 counts as the IPv4 one.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, ..] = v6.octets();
                Self::V6([a, b, c, d, e, f, g])
            }
        }
    }
}

impl fmt::Display for AddressPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4([a, b, c]) => write!(f, "{}/24", Ipv4Addr::new(a, b, c, 0)),
            Self::V6(bytes) => {
                let mut octets = [0; 16];
                octets[..7].copy_from_slice(&bytes);
                write!(f, "{}/56", Ipv6Addr::from(octets))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_24_bits_of_ipv4_and_56_of_ipv6() {
        let prefix = |text: &str| AddressPrefix::of(text.parse().unwrap()).to_string();
        assert_eq!(prefix("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(prefix("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(prefix("2001:db8:1:2ff:1::9"), "2001:db8:1:200::/56");
    }
}
