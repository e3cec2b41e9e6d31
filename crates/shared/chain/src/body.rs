//! What an entry says: one JSON object of fixed order. Ids and constants only, never a text of a person, an answer or a key.

use std::collections::BTreeMap;

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};

/// Who did what, when, from where, on what, with what result (A8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// When.
    pub at: Timestamp,
    /// On which site; none for what concerns all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Who.
    pub who: Who,
    /// In which session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// From which network address or, where callers are counted together, network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What.
    pub act: String,
    /// On what: kinds of things and their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub on: BTreeMap<String, String>,
    /// `done` or `refused`.
    pub result: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How often, where callers are counted together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// What else names it: a question's id, what a setting became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The kind: agent, visitor, viewer, operator, desk, vault, unknown.
    pub kind: String,
    /// Which one, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Body {
    /// The text that is hashed and stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Cannot fail: strings, numbers and a map with string keys.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The body of a stored text.
    ///
    /// # Errors
    /// A text that is none.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_one_order_and_says_nothing_of_what_is_not_there() {
        let body = Body {
            at: Timestamp(5),
            site: Some("northwind".into()),
            who: Who { kind: "agent".into(), id: Some("a".into()) },
            session: None,
            from: Some("203.0.113.7".into()),
            act: "login".into(),
            on: BTreeMap::from([("session".into(), "s".into()), ("agent".into(), "a".into())]),
            result: "done".into(),
            reason: None,
            count: None,
            detail: None,
        };
        let text = r#"{"at":5,"site":"northwind","who":{"kind":"agent","id":"a"},"from":"203.0.113.7","act":"login","on":{"agent":"a","session":"s"},"result":"done"}"#;
        assert_eq!(body.to_text(), text);
        assert_eq!(Body::parse(text).unwrap(), body);
    }
}
