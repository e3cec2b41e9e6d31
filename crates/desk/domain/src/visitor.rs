//! A visitor: a browser that the desk knows by a cookie, of which only the hash is kept.

use aside_base::{SiteId, Timestamp, VisitorId};

/// A visitor's browser on one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The visitor's id.
    pub id: VisitorId,
    /// The only site it may talk with.
    pub site: SiteId,
    /// A name, where the brand gave one; never guessed.
    pub name: Option<String>,
    /// When it first came.
    pub created_at: Timestamp,
}
