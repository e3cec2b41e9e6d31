//! The ports of a demo that does not use the fixed ones: chosen once and kept with its data, since the data names them.

use std::fs;
use std::io;
use std::path::Path;

use aside_base::Rng;

use super::DemoError;
use crate::house::{House, HouseError, Ports, write_private};

const FILE: &str = "first-port";

/// The ports that `data` was made with, or free ones.
pub(super) fn kept_or_free(data: &Path, rng: &dyn Rng) -> Option<Ports> {
    let kept = fs::read_to_string(data.join(FILE)).ok().and_then(|text| text.trim().parse().ok());
    kept.map(from_first).or_else(|| Ports::free(rng))
}

/// Refuses data that was made with other ports: its sites name their origins.
pub(super) fn check(data: &Path, ports: Ports) -> Result<(), DemoError> {
    let path = data.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().parse() == Ok(ports.desk) => Ok(()),
        Ok(text) => Err(DemoError::OtherPorts { data: data.to_owned(), first: text.trim().to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(DemoError::House(HouseError::Files { path, error })),
    }
}

/// Keeps the ports with the data.
pub(super) fn keep(house: &House, ports: Ports) -> Result<(), DemoError> {
    let path = house.folders.file(FILE);
    write_private(&path, &ports.desk.to_string()).map_err(|error| DemoError::House(HouseError::Files { path, error }))
}

fn from_first(first: u16) -> Ports {
    let nth = |n: u16| first.saturating_add(n);
    Ports { desk: first, vault: nth(1), brand: nth(2), zone: nth(3) }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn the_demos_own_ports_are_four_neighbours() {
        assert_eq!(from_first(Ports::DEMO.desk), Ports::DEMO);
    }

    #[test]
    fn data_goes_on_with_the_ports_it_was_made_with() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "20400").unwrap();
        assert_eq!(kept_or_free(folder.path(), &SeededRng::new(1)), Some(from_first(20_400)));
        assert!(check(folder.path(), from_first(20_400)).is_ok());
        let refusal = check(folder.path(), Ports::DEMO).unwrap_err().to_string();
        assert!(refusal.contains("from 20400 on") && refusal.contains("--data"), "{refusal}");
    }
}
