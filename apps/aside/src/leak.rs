//! Looks for planted marks in files and in memory: in clear, and as what a careless program would have made of them.
//!
//! A mark is a published test card number, a security code, a note, a one-time key, that a journey has sent through the
//! house. Whatever file it turns up in, the finding names the file and the mark's name, never its text.

mod memory;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub use memory::{Image, search_memory};

/// Something that a journey planted.
#[derive(Clone)]
pub struct Mark {
    /// What it is, for the finding.
    pub name: String,
    patterns: Vec<Pattern>,
}

#[derive(Clone)]
struct Pattern {
    bytes: Vec<u8>,
    alone: bool,
}

/// A mark that lies where it must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The mark's name.
    pub mark: String,
    /// The file.
    pub file: PathBuf,
}

impl Mark {
    /// A card number: its digits, in groups, turned round, and each of these as [`Mark::text`].
    #[must_use]
    pub fn card_number(name: &str, digits: &str) -> Self {
        let mut mark = Self { name: name.to_owned(), patterns: Vec::new() };
        let reversed: String = digits.chars().rev().collect();
        for digits in [digits, &reversed] {
            mark.push_text(digits);
            for separator in [" ", "-"] {
                mark.push_text(&grouped(digits, separator));
            }
        }
        mark
    }

    /// A text: as it is, percent-encoded, as hex, base64 and UTF-16, and as base64 of that.
    #[must_use]
    pub fn text(name: &str, text: &str) -> Self {
        let mut mark = Self { name: name.to_owned(), patterns: Vec::new() };
        mark.push_text(text);
        mark
    }

    fn push_text(&mut self, text: &str) {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for space in ["+", "%20"] {
            let encoded = percent_encoded(text, space);
            if encoded != text {
                self.push(encoded.into_bytes());
            }
        }
        self.push(hex(text.as_bytes()).into_bytes());
        for shift in 0..3 {
            self.push(base64_core(text.as_bytes(), shift));
            self.push(base64_core(&wide, shift));
        }
        self.push(text.as_bytes().to_vec());
        self.push(wide);
    }

    /// A few digits, which ids and times hold by chance: found only where no digit, hex letter or separator of an id
    /// touches them.
    #[must_use]
    pub fn short_digits(name: &str, digits: &str) -> Self {
        let pattern = Pattern { bytes: digits.as_bytes().to_vec(), alone: true };
        Self { name: name.to_owned(), patterns: vec![pattern] }
    }

    /// A one-time key: its text and its 32 bytes. What a store may keep is its hash, which is neither.
    #[must_use]
    pub fn key(name: &str, text: &str) -> Self {
        let mut mark = Self::text(name, text);
        mark.push(base64url_bytes(text));
        mark
    }

    fn push(&mut self, bytes: Vec<u8>) {
        if bytes.len() >= 8 && !self.patterns.iter().any(|pattern| pattern.bytes == bytes) {
            self.patterns.push(Pattern { bytes, alone: false });
        }
    }

    /// Whether the mark lies in `content`.
    #[must_use]
    pub fn lies_in(&self, content: &[u8]) -> bool {
        Index::of(std::slice::from_ref(self)).found_in(content)[0]
    }
}

impl Pattern {
    /// Whether the pattern begins at `at`.
    fn lies_at(&self, at: usize, content: &[u8]) -> bool {
        let touches =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_hexdigit() || matches!(b, b'-' | b'.' | b':'));
        content[at..].starts_with(&self.bytes)
            && (!self.alone
                || !touches(at.checked_sub(1).and_then(|before| content.get(before)))
                    && !touches(content.get(at + self.bytes.len())))
    }
}

/// The patterns of many marks by their first two bytes, so that a file is read through once for all of them.
struct Index<'a> {
    by_start: BTreeMap<[u8; 2], Vec<(usize, &'a Pattern)>>,
    begins: Vec<bool>,
    marks: usize,
}

impl<'a> Index<'a> {
    fn of(marks: &'a [Mark]) -> Self {
        let mut index = Self { by_start: BTreeMap::new(), begins: vec![false; 1 << 16], marks: marks.len() };
        for (number, mark) in marks.iter().enumerate() {
            for pattern in mark.patterns.iter().filter(|pattern| pattern.bytes.len() >= 2) {
                let start = [pattern.bytes[0], pattern.bytes[1]];
                index.begins[usize::from(u16::from_be_bytes(start))] = true;
                index.by_start.entry(start).or_default().push((number, pattern));
            }
        }
        index
    }

    /// For each mark, whether it lies in `content`.
    fn found_in(&self, content: &[u8]) -> Vec<bool> {
        let mut found = vec![false; self.marks];
        let mut before = match content.first() {
            Some(first) => usize::from(*first),
            None => return found,
        };
        for (at, byte) in content.iter().enumerate().skip(1) {
            let pair = (before & 0xFF) << 8 | usize::from(*byte);
            before = pair;
            if self.begins[pair] {
                for (number, pattern) in self.by_start.get(&[content[at - 1], *byte]).into_iter().flatten() {
                    found[*number] |= pattern.lies_at(at - 1, content);
                }
            }
        }
        found
    }
}

/// Every mark in every file below `folder`.
///
/// # Errors
/// When a file cannot be read. One that disappears meanwhile, as a database's side files do, holds nothing any more.
pub fn search(folder: &Path, marks: &[Mark]) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    look(folder, marks, &Index::of(marks), &mut findings)?;
    Ok(findings)
}

fn look(folder: &Path, marks: &[Mark], index: &Index<'_>, findings: &mut Vec<Finding>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            look(&path, marks, index, findings)?;
            continue;
        }
        // A socket, as the operator's is, holds nothing.
        if !path.is_file() {
            continue;
        }
        let content = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        for (mark, _) in marks.iter().zip(index.found_in(&content)).filter(|(_, found)| *found) {
            findings.push(Finding { mark: mark.name.clone(), file: path.clone() });
        }
    }
    Ok(())
}

fn grouped(digits: &str, separator: &str) -> String {
    let groups: Vec<String> =
        digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(separator)
}

/// As in an HTML form's body or a query.
fn percent_encoded(text: &str, space: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b' ' => space.to_owned(),
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'*' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The base64 of `bytes` when they begin `shift` bytes into a group, without the characters that neighbours change.
fn base64_core(bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    let text: Vec<u8> = padded
        .chunks_exact(3)
        .flat_map(|group| {
            let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
            [18, 12, 6, 0].map(|right| BASE64[(bits >> right & 63) as usize])
        })
        .collect();
    // The first group mixes the padding in.
    text.get(if shift == 0 { 0 } else { 4 }..).unwrap_or_default().to_vec()
}

fn base64url_bytes(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let Some(value) = BASE64.iter().position(|b| *b == byte) else { return Vec::new() };
        bits = bits << 6 | u32::try_from(value).unwrap_or(0);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use aside_base::{OneTimeKey, SeededRng};

    use super::*;

    const CARD: &str = "4111111111111111";

    #[test]
    fn a_card_number_is_found_in_every_guise() {
        let mark = Mark::card_number("card", CARD);
        for content in [
            format!("number={CARD}."),
            "4111 1111 1111 1111".to_owned(),
            "4111-1111-1111-1111".to_owned(),
            hex(CARD.as_bytes()),
            // The same text at each place of a base64 group.
            "NDExMTExMTExMTExMTExMQ==".to_owned(),
            "eDQxMTExMTExMTExMTExMTE=".to_owned(),
            "eHg0MTExMTExMTExMTExMTEx".to_owned(),
        ] {
            assert!(mark.lies_in(content.as_bytes()), "{content}");
        }
        let wide: Vec<u8> = CARD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(mark.lies_in(&wide));
        assert!(mark.lies_in(&base64_core(&wide, 1)));
        assert!(mark.lies_in(b"1111 1111 1111 1114"), "turned round");
        assert!(mark.lies_in(b"q-number=4111+1111+1111+1111&"));
        assert!(!mark.lies_in(b"411111 **** 1111"));
    }

    #[test]
    fn a_text_is_found_as_a_form_or_a_query_carries_it() {
        let mark = Mark::text("note", "zebra & quartz");
        assert!(mark.lies_in(b"q-note=zebra+%26+quartz") && mark.lies_in(b"?note=zebra%20%26%20quartz"));
        assert!(!mark.lies_in(b"zebra and quartz"));
    }

    #[test]
    fn a_key_is_found_as_text_and_as_bytes_and_its_hash_is_not_it() {
        let key = OneTimeKey::generate(&SeededRng::new(3));
        let mark = Mark::key("open", &key.to_text());
        assert!(mark.lies_in(format!("otk={}&", key.to_text()).as_bytes()));
        assert!(mark.lies_in(&base64url_bytes(&key.to_text())));
        assert_eq!(base64url_bytes(&key.to_text()).len(), 32);
        assert!(!mark.lies_in(&key.hash().0));
    }

    #[test]
    fn a_short_code_inside_an_id_or_a_time_is_chance() {
        let mark = Mark::short_digits("code", "7391");
        assert!(mark.lies_in(br#"{"cvv":"7391"}"#));
        assert!(mark.lies_in(b"\x007391\xff"));
        assert!(!mark.lies_in(b"0190e7d1-7391-7abc"));
        assert!(!mark.lies_in(b"at 1795007391000"));
    }

    #[test]
    fn a_finding_names_mark_and_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("logs")).unwrap();
        let file = folder.path().join("logs/desk.log");
        fs::write(&file, CARD).unwrap();
        fs::write(folder.path().join("clean"), "nothing").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("operator.sock")).unwrap();
        let findings = search(folder.path(), &[Mark::card_number("card", CARD)]).unwrap();
        assert_eq!(findings, [Finding { mark: "card".into(), file }]);
    }
}
