//! `__Host-` cookies: sent back to exactly one host, over secure connections only, unreadable for scripts.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// In which frames the cookie comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieSite {
    /// Only where the whole page is ours.
    Strict,
    /// Inside another site's page too, in a jar of its own for each such site (CHIPS).
    Framed,
}

/// A cookie of ours, by name. It lives as long as the browser's session; the server side decides what it is worth.
#[derive(Debug, Clone, Copy)]
pub struct HostCookie {
    /// The whole name, `__Host-…`.
    pub name: &'static str,
    /// In which frames it comes back.
    pub site: CookieSite,
}

impl HostCookie {
    /// The `Set-Cookie` value that stores `value`, or nothing if `value` has a character that no cookie may have.
    #[must_use]
    pub fn set(&self, value: &str) -> Option<HeaderValue> {
        self.write(value, "")
    }

    /// As [`HostCookie::set`], for so many seconds, over the end of the browser's session too.
    #[must_use]
    pub fn set_for(&self, value: &str, seconds: u32) -> Option<HeaderValue> {
        self.write(value, &format!("; Max-Age={seconds}"))
    }

    /// The `Set-Cookie` value that removes the cookie.
    #[must_use]
    pub fn clear(&self) -> Option<HeaderValue> {
        self.write("", "; Max-Age=0")
    }

    /// The value that the browser sent. Two of the same name are none: we would have to guess which one is ours.
    #[must_use]
    pub fn read<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let mut found = None;
        for pair in
            headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(';'))
        {
            if let Some((name, value)) = pair.trim().split_once('=')
                && name == self.name
            {
                if found.is_some() {
                    return None;
                }
                found = Some(value);
            }
        }
        found.filter(|value| is_value(value))
    }

    fn write(&self, value: &str, extra: &str) -> Option<HeaderValue> {
        let site = match self.site {
            CookieSite::Strict => "SameSite=Strict",
            CookieSite::Framed => "SameSite=None; Partitioned",
        };
        let text = format!("{}={value}; Path=/; Secure; HttpOnly; {site}{extra}", self.name);
        if !is_value(value) {
            return None;
        }
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

/// Whether a cookie may have this value. What no cookie of ours can hold is none of ours.
fn is_value(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'"' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE_OF_OURS: HostCookie = HostCookie { name: "__Host-aside-x", site: CookieSite::Framed };

    fn sent(text: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static(text));
        headers
    }

    #[test]
    fn a_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
        let header = COOKIE_OF_OURS.set("abc").unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-aside-x=abc; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
        );
        assert!(COOKIE_OF_OURS.set_for("abc", 60).unwrap().to_str().unwrap().ends_with("Partitioned; Max-Age=60"));
        assert!(COOKIE_OF_OURS.clear().unwrap().to_str().unwrap().ends_with("Max-Age=0"));
    }

    #[test]
    fn a_value_cannot_smuggle_an_attribute() {
        assert!(COOKIE_OF_OURS.set("a; Domain=example").is_none());
        assert!(COOKIE_OF_OURS.set("a\nb").is_none());
    }

    #[test]
    fn only_the_exact_name_is_read_and_a_doubled_one_not_at_all() {
        assert_eq!(COOKIE_OF_OURS.read(&sent("a=b; __Host-aside-x=key; c=d")), Some("key"));
        assert_eq!(COOKIE_OF_OURS.read(&sent("__host-aside-x=key; __Host-aside-xy=z")), None);
        assert_eq!(COOKIE_OF_OURS.read(&sent("__Host-aside-x=1; __Host-aside-x=2")), None);
    }

    #[test]
    fn a_value_that_we_cannot_have_written_is_none() {
        for foreign in ["__Host-aside-x=a,b", "__Host-aside-x=\"a\"", "__Host-aside-x=a b", "__Host-aside-x=a\\b"] {
            assert_eq!(COOKIE_OF_OURS.read(&sent(foreign)), None, "{foreign}");
        }
    }
}
