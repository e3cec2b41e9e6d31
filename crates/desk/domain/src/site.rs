//! A site: one brand's account, its allowed origins and its three clocks.

use aside_base::{Origin, SiteId};
use aside_wire::{Clocks, Keeping, Reopen, SiteProfile};

/// A brand's account. Everything else belongs to exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The site's short name.
    pub id: SiteId,
    /// The brand's name for people, 1 to 80 characters.
    pub brand: String,
    /// Pages that may carry the widget, 1 to 20.
    pub origins: Vec<Origin>,
    /// The brand's privacy page, linked from the form (P1).
    pub privacy_url: Option<String>,
    /// The brand's contact page, linked from the form (P1).
    pub contact_url: Option<String>,
    /// How long invitations run (S5).
    pub clocks: Clocks,
    /// How long answers are kept (V5).
    pub keeping: Keeping,
    /// What closing a form means (S11).
    pub reopen: Reopen,
}

/// What is wrong with a site's settings; names the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// The brand's name is empty, too long or has control characters.
    #[error("brand: 1 to 80 characters, none of them control characters")]
    Brand,
    /// No origin, or too many.
    #[error("origin: 1 to 20 origins")]
    Origins,
    /// Not a web address.
    #[error("{0}: an http:// or https:// address of at most 500 characters")]
    Url(&'static str),
    /// A clock outside 1 to 86400 seconds (S5).
    #[error("{0}: 1 to 86400 seconds")]
    Clock(&'static str),
    /// Answers kept for longer than thirteen months.
    #[error("keeping: 0 to 395 days")]
    Keeping,
}

impl Site {
    /// Checks the settings an operator gave.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn check(&self) -> Result<(), SiteError> {
        let length = self.brand.chars().count();
        if !(1..=80).contains(&length) || self.brand.trim().is_empty() || self.brand.chars().any(char::is_control) {
            return Err(SiteError::Brand);
        }
        if !(1..=20).contains(&self.origins.len()) {
            return Err(SiteError::Origins);
        }
        for (name, url) in [("privacy_url", &self.privacy_url), ("contact_url", &self.contact_url)] {
            if url.as_deref().is_some_and(|url| !is_web_address(url)) {
                return Err(SiteError::Url(name));
            }
        }
        check_keeping(self.keeping)?;
        self.clocks.check().map_err(|wrong| SiteError::Clock(wrong.0))
    }

    /// What the vault is told of the site.
    #[must_use]
    pub fn profile(&self) -> SiteProfile {
        SiteProfile {
            brand: self.brand.clone(),
            origins: self.origins.clone(),
            privacy_url: self.privacy_url.clone(),
            contact_url: self.contact_url.clone(),
            keeping: self.keeping,
        }
    }
}

/// Whether answers may be kept for so long (V5).
///
/// # Errors
/// [`SiteError::Keeping`] beyond thirteen months.
pub const fn check_keeping(keeping: Keeping) -> Result<(), SiteError> {
    if keeping.days <= Keeping::LONGEST { Ok(()) } else { Err(SiteError::Keeping) }
}

/// Only addresses a browser opens as a page: a `javascript:` link on the form page would be a hole.
fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    url.len() <= 500 && rest.is_some_and(|rest| !rest.is_empty()) && url.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn northwind() -> Site {
        Site {
            id: "northwind".parse().unwrap(),
            brand: "Northwind".into(),
            origins: vec!["http://northwind.localhost:8082".parse().unwrap()],
            privacy_url: Some("https://northwind.example/privacy".into()),
            contact_url: None,
            clocks: Clocks::default(),
            keeping: Keeping::default(),
            reopen: Reopen::default(),
        }
    }

    #[test]
    fn a_site_needs_a_brand_an_origin_web_addresses_and_clocks_in_range() {
        let site = northwind();
        assert_eq!(site.check(), Ok(()));
        for brand in ["", "  ", "a\u{7}b", &"x".repeat(81)] {
            assert_eq!(Site { brand: brand.into(), ..northwind() }.check(), Err(SiteError::Brand), "{brand:?}");
        }
        assert_eq!(Site { origins: vec![], ..northwind() }.check(), Err(SiteError::Origins));
        for url in ["javascript:alert(1)", "https://", "https://a b", "//a", ""] {
            let wrong = Site { contact_url: Some(url.into()), ..northwind() };
            assert_eq!(wrong.check(), Err(SiteError::Url("contact_url")), "{url}");
        }
        let clocks = Clocks { submit_limit: 0, ..Clocks::default() };
        assert_eq!(Site { clocks, ..northwind() }.check(), Err(SiteError::Clock("submit_limit")));
        assert_eq!(Site { keeping: Keeping { days: 0 }, ..northwind() }.check(), Ok(()));
        let keeping = Keeping { days: Keeping::LONGEST + 1 };
        assert_eq!(Site { keeping, ..northwind() }.check(), Err(SiteError::Keeping));
    }
}
