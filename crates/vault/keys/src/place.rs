//! The associated data of a sealed value: where it belongs.

/// Names a place by its parts, each with its length before it, so that no two lists of parts look alike.
pub(crate) fn place(purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len() + 4).sum::<usize>() + purpose.len() + 4;
    let mut bytes = Vec::with_capacity(length);
    for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
        // Cannot be cut short: parts are names of at most some hundred bytes.
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_byte_from_one_part_to_the_next_names_another_place() {
        assert_ne!(place("answer", &[b"ab", b"c"]), place("answer", &[b"a", b"bc"]));
        assert_ne!(place("answer", &[b"a"]), place("answer", &[b"a", b""]));
        assert_ne!(place("data key", &[]), place("data", &[b" key"]));
    }
}
