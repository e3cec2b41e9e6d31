//! A log taken out of its database: JSON lines that prove themselves, or CSV for people's tables.
//!
//! Both zones may stand in one file, merged by time. Each zone begins with a [`Beginning`]; an entry's body stands in its line
//! byte for byte as it was hashed.

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Anchor, Body, ChainId, Checkpoint, Content, Entry, Hash, Place};

/// Says whose entries follow and where they begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "aside", rename = "audit export")]
pub struct Beginning {
    /// `desk` or `vault`.
    pub zone: String,
    /// Which chain.
    pub chain: ChainId,
    /// The entry before the first that follows.
    pub after: Place,
    /// When the export was made.
    pub at: Timestamp,
}

/// A line of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportLine<'l> {
    /// A zone begins.
    Beginning(Beginning),
    /// What was older was taken away.
    Anchor(Anchor),
    /// A zone had come so far.
    Checkpoint(Checkpoint),
    /// An entry of a zone.
    Entry(&'l str, Entry<'l>),
}

/// A line that is none of an export's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no line of an audit export")]
pub struct ExportError;

const ZONE: &str = r#"{"zone":""#;
const SEQUENCE: &str = r#"","sequence":"#;
const HASH: &str = r#","hash":""#;
const BODY: &str = r#"","entry":"#;
const WITHHELD: &str = r#"","withheld":""#;

impl<'l> ExportLine<'l> {
    /// The line's text, without its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        match self {
            // Cannot fail: strings and numbers.
            Self::Beginning(beginning) => serde_json::to_string(beginning).unwrap_or_default(),
            Self::Anchor(anchor) => anchor.to_line(),
            Self::Checkpoint(checkpoint) => checkpoint.to_line(),
            Self::Entry(zone, Entry { place: Place { sequence, hash }, content }) => match content {
                Content::Body(body) => format!("{ZONE}{zone}{SEQUENCE}{sequence}{HASH}{hash}{BODY}{body}}}"),
                Content::Withheld(body) => format!("{ZONE}{zone}{SEQUENCE}{sequence}{HASH}{hash}{WITHHELD}{body}\"}}"),
            },
        }
    }

    /// What a line says.
    ///
    /// # Errors
    /// It is not one that [`ExportLine::to_line`] makes: nothing is guessed, because each byte of a body counts.
    pub fn parse(line: &'l str) -> Result<Self, ExportError> {
        if line.starts_with(ZONE) {
            return Self::parse_entry(line).ok_or(ExportError);
        }
        match serde_json::from_str::<Tag>(line).map_err(|_| ExportError)?.aside.as_str() {
            "audit export" => serde_json::from_str(line).map(Self::Beginning),
            "audit anchor" => serde_json::from_str(line).map(Self::Anchor),
            "audit checkpoint" => serde_json::from_str(line).map(Self::Checkpoint),
            _ => return Err(ExportError),
        }
        .map_err(|_| ExportError)
    }

    fn parse_entry(line: &'l str) -> Option<Self> {
        let (zone, rest) = line.strip_prefix(ZONE)?.split_once(SEQUENCE)?;
        let (sequence, rest) = rest.split_once(HASH)?;
        let (hash, rest) = rest.split_at_checked(64)?;
        let place = Place { sequence: sequence.parse().ok()?, hash: hash.parse().ok()? };
        let content = match rest.strip_prefix(BODY) {
            Some(body) => Content::Body(body.strip_suffix('}')?),
            None => Content::Withheld(rest.strip_prefix(WITHHELD)?.strip_suffix("\"}")?.parse::<Hash>().ok()?),
        };
        Some(Self::Entry(zone, Entry { place, content }))
    }
}

#[derive(Deserialize)]
struct Tag {
    aside: String,
}

/// The first row of a CSV export.
pub const CSV_HEADING: &str =
    "zone,sequence,time,site,who_kind,who,who_name,session,from,act,on,result,reason,count,detail,hash\r\n";

/// An entry as a row of CSV (RFC 4180), with its line end; `name` is whoever the id stands for, where that is known.
#[must_use]
pub fn csv_row(zone: &str, place: Place, body: &Body, name: Option<&str>) -> String {
    let time = jiff::Timestamp::from_millisecond(body.at.0).map(|at| at.to_string()).unwrap_or_default();
    let on: Vec<String> = body.on.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        zone.to_owned(),
        place.sequence.to_string(),
        time,
        text(&body.site),
        body.who.kind.clone(),
        text(&body.who.id),
        name.unwrap_or_default().to_owned(),
        text(&body.session),
        text(&body.from),
        body.act.clone(),
        on.join("; "),
        body.result.clone(),
        text(&body.reason),
        body.count.map(|count| count.to_string()).unwrap_or_default(),
        text(&body.detail),
        place.hash.to_string(),
    ];
    let mut row = cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",");
    row.push_str("\r\n");
    row
}

/// A cell that no table program takes for a formula (OWASP, CSV injection).
fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains(['"', ',', '\r', '\n', ';', '\t']) || formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{Signer, Who};

    fn chain() -> ChainId {
        ChainId::from_bytes([7; 16])
    }

    #[test]
    fn each_kind_of_line_comes_back_as_it_was() {
        let signer = Signer::from_seed(&[1; 32]).unwrap();
        let after = Place::before_first(chain());
        let body = r#"{"at":1,"who":{"kind":"desk"},"act":"a\",\"entry\":}","result":"done"}"#;
        let place = after.next(body);
        let lines = [
            ExportLine::Beginning(Beginning { zone: "desk".into(), chain: chain(), after, at: Timestamp(1) }),
            ExportLine::Anchor(Anchor::sign(&signer, "desk", chain(), place, Timestamp(1), Timestamp(2))),
            ExportLine::Checkpoint(Checkpoint::sign(&signer, "desk", chain(), place, Timestamp(1))),
            ExportLine::Entry("desk", Entry { place, content: Content::Body(body) }),
            ExportLine::Entry("desk", Entry { place, content: Content::Withheld(Hash([9; 32])) }),
        ];
        for line in lines {
            let text = line.to_line();
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            assert_eq!(ExportLine::parse(&text), Ok(line));
        }
    }

    #[test]
    fn what_is_no_line_of_an_export_is_refused() {
        for bad in ["", "{}", "[]", r#"{"aside":"audit"}"#, r#"{"zone":"desk"}"#, r#"{"zone":"desk","sequence":1}"#] {
            assert_eq!(ExportLine::parse(bad), Err(ExportError), "{bad}");
        }
    }

    #[test]
    fn no_cell_is_a_formula_and_none_leaves_its_row() {
        let body = Body {
            at: Timestamp(0),
            site: None,
            who: Who { kind: "agent".into(), id: Some("=HYPERLINK(\"http://evil.example\")".into()) },
            session: None,
            from: Some("@SUM(1)".into()),
            act: "+1".into(),
            on: BTreeMap::from([("-2".into(), "x".into())]),
            result: "\t=1".into(),
            reason: Some("a,b\r\n=1".into()),
            count: Some(3),
            detail: Some("plain".into()),
        };
        let row = csv_row("desk", Place::before_first(chain()), &body, Some("=Dana"));
        for guarded in [
            "\"'=HYPERLINK(\"\"http://evil.example\"\")\"",
            "\"'@SUM(1)\"",
            "\"'+1\"",
            "\"'-2 x\"",
            "\"'\t=1\"",
            "\"'=Dana\"",
        ] {
            assert!(row.contains(guarded), "{guarded} in {row}");
        }
        assert!(row.starts_with("desk,0,1970-01-01T00:00:00Z,,agent,") && row.ends_with("\r\n"));
        assert_eq!(CSV_HEADING.matches(',').count(), 15);
    }

    proptest! {
        #[test]
        fn a_cell_reads_back_as_it_was_or_guarded(text in ".{0,20}") {
            let cell = csv_cell(&text);
            let inner = match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
                Some(quoted) => quoted.replace("\"\"", "\""),
                None => cell.clone(),
            };
            let guarded = inner == format!("'{text}");
            prop_assert!(inner == text || guarded);
            prop_assert!(!inner.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }

        #[test]
        fn any_text_that_is_parsed_never_panics(line in ".{0,200}") {
            let _ = ExportLine::parse(&line);
            let _ = Checkpoint::in_line(&line);
        }
    }
}
