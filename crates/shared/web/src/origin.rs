//! Where a request that changes something comes from (CSRF). `SameSite` cookies do not do it alone: our cookies must work
//! inside frames.

use aside_base::Origin;
use http::HeaderMap;
use http::header::ORIGIN;

/// The request comes from another site's page, or does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignOrigin;

/// Lets a request through that one of our own pages at `ours` sent.
///
/// `Sec-Fetch-Site`, which no script can forge, must be `same-origin`; a client that does not send it must send our
/// `Origin`. An `Origin` of `null` or another is refused either way.
///
/// # Errors
/// [`ForeignOrigin`] for everything else.
pub fn same_origin(headers: &HeaderMap, ours: &Origin) -> Result<(), ForeignOrigin> {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let site = match (sites.next(), sites.next()) {
        (None, _) => None,
        (Some(site), None) => Some(site.as_bytes()),
        (Some(_), Some(_)) => return Err(ForeignOrigin),
    };
    match (site, origin(headers)?) {
        (Some(b"same-origin") | None, Some(origin)) if origin == ours.as_str() => Ok(()),
        (Some(b"same-origin"), None) => Ok(()),
        _ => Err(ForeignOrigin),
    }
}

/// As [`same_origin`], or from a page of one of the `others`, named exactly.
///
/// # Errors
/// [`ForeignOrigin`] for everything else.
pub fn same_origin_or<'o>(
    headers: &HeaderMap,
    ours: &Origin,
    others: impl IntoIterator<Item = &'o Origin>,
) -> Result<(), ForeignOrigin> {
    if same_origin(headers, ours).is_ok() {
        return Ok(());
    }
    match origin(headers)? {
        Some(origin) if others.into_iter().any(|other| other.as_str() == origin) => Ok(()),
        _ => Err(ForeignOrigin),
    }
}

fn origin(headers: &HeaderMap) -> Result<Option<&str>, ForeignOrigin> {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => Ok(None),
        (Some(origin), None) => origin.to_str().map(Some).map_err(|_| ForeignOrigin),
        (Some(_), Some(_)) => Err(ForeignOrigin),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn ours() -> Origin {
        "http://vault.localhost:8081".parse().unwrap()
    }

    #[test]
    fn our_own_page_passes_with_or_without_fetch_metadata() {
        for good in [
            &[("sec-fetch-site", "same-origin"), ("origin", "http://vault.localhost:8081")][..],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "http://vault.localhost:8081")],
        ] {
            assert_eq!(same_origin(&sent(good), &ours()), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn another_page_null_and_silence_are_refused() {
        for bad in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "http://vault.localhost")],
            &[("origin", "http://vault.localhost:8081.evil.example")],
            &[("sec-fetch-site", "same-site"), ("origin", "http://vault.localhost:8081")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://vault.localhost:8081")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "http://vault.localhost:8081"), ("origin", "http://evil.example")],
        ] {
            assert_eq!(same_origin(&sent(bad), &ours()), Err(ForeignOrigin), "{bad:?}");
        }
    }

    #[test]
    fn a_named_other_origin_passes_only_where_it_is_named() {
        let chat: Origin = "http://chat.localhost:8080".parse().unwrap();
        let from_chat = sent(&[("sec-fetch-site", "cross-site"), ("origin", "http://chat.localhost:8080")]);
        assert_eq!(same_origin_or(&from_chat, &ours(), [&chat]), Ok(()));
        assert_eq!(same_origin_or(&from_chat, &ours(), []), Err(ForeignOrigin));
        assert_eq!(same_origin_or(&sent(&[("origin", "null")]), &ours(), [&chat]), Err(ForeignOrigin));
    }
}
