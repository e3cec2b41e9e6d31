//! Searching both zones' logs: what is asked, and what is found.

use std::collections::HashSet;

use aside_base::{SiteId, Timestamp};
use aside_chain::{Body, Hash, Place};

/// Whose log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// The desk's own.
    Desk,
    /// The vault's, as the desk mirrors it.
    Vault,
}

impl Zone {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Desk, Self::Vault];

    /// The zone's name, as signed and exported.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Vault => "vault",
        }
    }
}

/// Whose entries somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditScope {
    /// The site.
    pub site: SiteId,
    /// Those of no site too: the house has this site only, so that they tell nothing of another.
    pub with_house: bool,
}

impl AuditScope {
    /// Whether an entry with this body may be seen.
    #[must_use]
    pub fn admits(&self, body: &Body) -> bool {
        match &body.site {
            Some(site) => site == self.site.as_str(),
            None => self.with_house,
        }
    }
}

/// What is asked for. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Stands anywhere in the entry, or in the name of a person it speaks of; no matter in which case.
    pub text: Option<String>,
    /// This person did it, in whichever zone, or it was done to this person.
    pub who: Option<String>,
    /// This act.
    pub act: Option<String>,
    /// `done` or `refused`.
    pub result: Option<String>,
    /// Of this zone only.
    pub zone: Option<Zone>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// Whether an entry is asked for. `text` is its body as it stands, `agent` the person behind its session where it has one,
    /// `named` the people whose names hold the text.
    #[must_use]
    pub fn admits(&self, body: &Body, text: &str, agent: Option<&str>, named: &HashSet<String>) -> bool {
        let people = || [agent, body.who.id.as_deref(), body.on.get("agent").map(String::as_str)].into_iter().flatten();
        self.act.as_ref().is_none_or(|act| *act == body.act)
            && self.result.as_ref().is_none_or(|result| *result == body.result)
            && self.from.is_none_or(|from| body.at >= from)
            && self.until.is_none_or(|until| body.at < until)
            && self.who.as_deref().is_none_or(|who| people().any(|person| person == who))
            && self.text.as_ref().is_none_or(|wanted| {
                text.to_lowercase().contains(&wanted.to_lowercase()) || people().any(|person| named.contains(person))
            })
    }
}

/// A place in both logs together, newest first: by time, then zone, then number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditCursor {
    /// When.
    pub at: Timestamp,
    /// In which log.
    pub zone: Zone,
    /// Its number there.
    pub sequence: i64,
}

impl AuditCursor {
    /// The text that a client hands back.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.at.0, self.zone.as_str(), self.sequence)
    }

    /// What a client handed back; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (at, zone, sequence) = (parts.next()?, parts.next()?, parts.next()?);
        let zone = Zone::ALL.into_iter().find(|known| known.as_str() == zone)?;
        let none_left = parts.next().is_none();
        none_left.then_some(Self { at: Timestamp(at.parse().ok()?), zone, sequence: sequence.parse().ok()? })
    }
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEntry {
    /// In whose log.
    pub zone: Zone,
    /// Where.
    pub place: Place,
    /// The hash of the entry before.
    pub previous: Hash,
    /// What it says.
    pub body: Body,
    /// The person behind it, where there is one.
    pub person: Option<(String, String)>,
}

/// Some entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPage {
    /// The entries.
    pub entries: Vec<FoundEntry>,
    /// Where to go on; none when everything was looked at.
    pub next: Option<AuditCursor>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aside_chain::Who;

    use super::*;

    fn body() -> Body {
        Body {
            at: Timestamp(1_000),
            site: Some("northwind".into()),
            who: Who { kind: "viewer".into(), id: None },
            session: Some("s-1".into()),
            from: Some("203.0.113.7".into()),
            act: "revealed".into(),
            on: BTreeMap::from([("invitation".into(), "i-1".into())]),
            result: "done".into(),
            reason: None,
            count: None,
            detail: Some("number".into()),
        }
    }

    #[test]
    fn everything_that_is_asked_must_hold() {
        let admits = |filter: &AuditFilter| {
            filter.admits(&body(), &body().to_text(), Some("dana-id"), &HashSet::from(["dana-id".to_owned()]))
        };
        let none = AuditFilter::default();
        assert!(admits(&none));
        let some = |text: &str| Some(text.to_owned());
        assert!(admits(&AuditFilter { text: some("203.0.113"), act: some("revealed"), ..none.clone() }));
        assert!(admits(&AuditFilter { text: some("I-1"), ..none.clone() }));
        assert!(admits(&AuditFilter { text: some("a name that Dana bears"), who: some("dana-id"), ..none.clone() }));
        for other in [
            AuditFilter { who: some("alex-id"), ..none.clone() },
            AuditFilter { act: some("viewed"), ..none.clone() },
            AuditFilter { result: some("refused"), ..none.clone() },
            AuditFilter { from: Some(Timestamp(1_001)), ..none.clone() },
            AuditFilter { until: Some(Timestamp(1_000)), ..none.clone() },
        ] {
            assert!(!admits(&other), "{other:?}");
        }
        let text = AuditFilter { text: some("nowhere"), ..none };
        assert!(!text.admits(&body(), &body().to_text(), Some("dana-id"), &HashSet::new()));
    }

    #[test]
    fn an_entry_of_another_site_is_never_seen_and_one_of_none_only_in_a_house_of_one() {
        let scope = |site: &str, with_house| AuditScope { site: site.parse().unwrap(), with_house };
        assert!(scope("northwind", false).admits(&body()));
        assert!(!scope("contoso", true).admits(&body()));
        let of_none = Body { site: None, ..body() };
        assert!(scope("northwind", true).admits(&of_none));
        assert!(!scope("northwind", false).admits(&of_none));
    }

    #[test]
    fn a_cursor_travels_as_text_and_anything_else_is_refused() {
        let cursor = AuditCursor { at: Timestamp(-5), zone: Zone::Vault, sequence: 7 };
        assert_eq!(AuditCursor::parse(&cursor.to_text()), Some(cursor));
        for bad in ["", "1.desk", "1.desk.2.3", "x.desk.2", "1.other.2", "1.desk."] {
            assert_eq!(AuditCursor::parse(bad), None, "{bad}");
        }
    }
}
