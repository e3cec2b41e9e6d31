//! The desks that may call: each known by its certificate's name, each with the sites that are its own.

use std::sync::Arc;

use aside_base::{Origin, SiteId};

/// A desk as the vault's configuration registers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The DNS name in its certificate.
    pub name: String,
    /// The sites it may name. Every other site is *not valid* to it.
    pub sites: Vec<SiteId>,
    /// Where its agents work: the only pages that may frame the viewer.
    pub desk_origin: Origin,
    /// Where its visitors chat.
    pub chat_origin: Origin,
    /// Whether it may have stored answers read after the close (V6) and taken along (V8). The vault's operator says so, not the
    /// desk: one that was taken over gives itself every right but this.
    pub history: bool,
}

/// All registered desks.
#[derive(Debug, Clone)]
pub struct Desks(Vec<Arc<Desk>>);

/// A registration that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DesksError {
    /// Two desks of one name.
    #[error("desks: the name {0:?} is registered twice")]
    Name(String),
    /// A site that two desks claim.
    #[error("desks: the site {0} is registered to two desks")]
    Site(SiteId),
}

impl Desks {
    /// Registers the desks.
    ///
    /// # Errors
    /// A name or site registered twice.
    pub fn new(desks: Vec<Desk>) -> Result<Self, DesksError> {
        for (index, desk) in desks.iter().enumerate() {
            for former in &desks[..index] {
                if former.name == desk.name {
                    return Err(DesksError::Name(desk.name.clone()));
                }
                if let Some(site) = desk.sites.iter().find(|site| former.sites.contains(site)) {
                    return Err(DesksError::Site(site.clone()));
                }
            }
        }
        Ok(Self(desks.into_iter().map(Arc::new).collect()))
    }

    /// Whether one desk has the vault to itself.
    #[must_use]
    pub fn are_one(&self) -> bool {
        self.0.len() == 1
    }

    /// The desk whose certificate names it so.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<Arc<Desk>> {
        self.0.iter().find(|desk| desk.name == name).cloned()
    }

    /// The desk that the site belongs to.
    #[must_use]
    pub fn by_site(&self, site: &SiteId) -> Option<Arc<Desk>> {
        self.0.iter().find(|desk| desk.sites.contains(site)).cloned()
    }

    /// All sites.
    pub fn sites(&self) -> impl Iterator<Item = &SiteId> {
        self.0.iter().flat_map(|desk| &desk.sites)
    }

    /// Where desks' visitors chat, each origin once.
    pub fn chat_origins(&self) -> Vec<&Origin> {
        once(self.0.iter().map(|desk| &desk.chat_origin))
    }

    /// Where desks' agents work, each origin once.
    pub fn desk_origins(&self) -> Vec<&Origin> {
        once(self.0.iter().map(|desk| &desk.desk_origin))
    }
}

/// Each origin once, in the order of its first mention.
fn once<'a>(origins: impl Iterator<Item = &'a Origin>) -> Vec<&'a Origin> {
    let mut found = Vec::new();
    for origin in origins {
        if !found.contains(&origin) {
            found.push(origin);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(name: &str, site: &str) -> Desk {
        let origin = || "http://desk.localhost:8080".parse().unwrap();
        Desk {
            name: name.into(),
            sites: vec![site.parse().unwrap()],
            desk_origin: origin(),
            chat_origin: origin(),
            history: false,
        }
    }

    #[test]
    fn a_site_belongs_to_exactly_one_desk() {
        let desks = Desks::new(vec![desk("one", "a"), desk("two", "b")]).unwrap();
        assert_eq!(desks.by_site(&"b".parse().unwrap()).unwrap().name, "two");
        assert!(desks.by_name("three").is_none());
        assert!(matches!(Desks::new(vec![desk("one", "a"), desk("two", "a")]), Err(DesksError::Site(_))));
        assert!(matches!(Desks::new(vec![desk("one", "a"), desk("one", "b")]), Err(DesksError::Name(_))));
    }
}
