//! Looks for planted marks in the memory of a running program, as a debugger or whoever took the machine over would.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use super::{Finding, Index, Mark};

/// What is read at a time.
const CHUNK: usize = 4 << 20;
/// Chunks overlap by so much, so that nothing hides on a border.
const OVERLAP: usize = 4 << 10;

/// What a search of a program's memory saw.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Image {
    /// Marks that lie in it.
    pub findings: Vec<Finding>,
    /// Bytes that were searched.
    pub searched: u64,
    /// Bytes that even the system's own door does not show (`memfd_secret`), or that went away meanwhile.
    pub hidden: u64,
}

/// Every mark in everything that program `id` can write to. What it has read from its own file is left out: that is what was
/// built, not what came to it.
///
/// # Errors
/// When the program is gone, or the system does not permit a look: that takes the same user and a program that may be dumped,
/// or root.
pub fn search_memory(id: u32, marks: &[Mark]) -> io::Result<Image> {
    let maps = std::fs::read_to_string(format!("/proc/{id}/maps"))?;
    let memory = File::open(format!("/proc/{id}/mem"))?;
    let index = Index::of(marks);
    let mut image = Image::default();
    let mut buffer = vec![0; CHUNK];
    for region in maps.lines().filter_map(Region::parse).filter(Region::is_written) {
        let mut found = vec![false; marks.len()];
        let mut at = region.start;
        while at < region.end {
            let wanted = usize::try_from(region.end - at).unwrap_or(CHUNK).min(CHUNK);
            let read = match memory.read_at(&mut buffer[..wanted], at) {
                Ok(read) if read > 0 => read,
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::PermissionDenied => return Err(error),
                Err(_) => {
                    image.hidden += wanted as u64;
                    at += wanted as u64;
                    continue;
                }
            };
            for (all, here) in found.iter_mut().zip(index.found_in(&buffer[..read])) {
                *all |= here;
            }
            image.searched += read as u64;
            at += if read == wanted && at + (read as u64) < region.end { read - OVERLAP } else { read } as u64;
        }
        let place = PathBuf::from(format!("memory of {id}: {}", region.name));
        for (mark, _) in marks.iter().zip(found).filter(|(_, found)| *found) {
            let finding = Finding { mark: mark.name.clone(), file: place.clone() };
            if !image.findings.contains(&finding) {
                image.findings.push(finding);
            }
        }
    }
    buffer.fill(0);
    Ok(image)
}

/// A line of `/proc/PID/maps` (proc(5)).
struct Region<'a> {
    start: u64,
    end: u64,
    modes: &'a str,
    name: &'a str,
}

impl<'a> Region<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut fields = line.split_ascii_whitespace();
        let (start, end) = fields.next()?.split_once('-')?;
        let modes = fields.next()?;
        let name = fields.nth(3).unwrap_or("anonymous");
        let hex = |text| u64::from_str_radix(text, 16).ok();
        Some(Self { start: hex(start)?, end: hex(end)?, modes, name })
    }

    fn is_written(&self) -> bool {
        self.modes.starts_with("rw")
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::process::{Command, Stdio};

    use super::*;

    /// A program that has `text` in a variable, and nowhere in its arguments.
    fn holding(text: &str) -> std::process::Child {
        let mut child = Command::new("sh")
            .args(["-c", "read -r held; echo ready; read -r end; echo \"$held\" > /dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{text}").unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        child
    }

    #[test]
    fn what_a_program_holds_is_found_and_what_it_does_not_hold_is_not() {
        let mark = Mark::text("a name", "Quexolotl Abernathy");
        for (text, found) in [("Quexolotl Abernathy", true), ("Somebody else", false)] {
            let mut child = holding(text);
            let image = search_memory(child.id(), std::slice::from_ref(&mark));
            child.kill().unwrap();
            child.wait().unwrap();
            let image = image.unwrap();
            assert_eq!(!image.findings.is_empty(), found, "{image:?}");
            assert!(image.searched > 10_000, "{image:?}");
        }
        assert!(search_memory(u32::MAX, &[mark]).is_err());
    }

    #[test]
    fn only_what_is_written_to_is_searched() {
        let region = Region::parse("7f00-7fff rw-p 00000000 00:00 0                          [heap]").unwrap();
        assert!(region.is_written() && (region.start, region.end, region.name) == (0x7f00, 0x7fff, "[heap]"));
        let code = Region::parse("5500-5600 r-xp 00001000 fe:00 12 /usr/bin/program").unwrap();
        assert!(!code.is_written());
    }
}
