//! What the vault learns of a site: its face, and its forms.

use std::sync::Arc;

use aside_base::DefinitionHash;
use aside_form::{PublishError, Published};
use aside_web::{Json, Problem};
use aside_wire::{FormsSwitch, Keeping, ProblemKind, SiteProfile};
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal::{self, of_kind};
use crate::Vault;

/// The most characters of a brand's name.
const BRAND: usize = 100;
/// The most characters of a link.
const LINK: usize = 500;
/// The most origins a site may be framed by.
const ORIGINS: usize = 50;

/// The site's face as the vault shows it, replaced whole.
#[utoipa::path(put, path = "/zone/v1/sites/{site}", tag = "zone", request_body = SiteProfile,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 204)))]
pub(super) async fn put_profile(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(profile): Json<SiteProfile>,
) -> Result<StatusCode, Problem> {
    if let Some(field) = fault(&profile) {
        return Err(of_kind(ProblemKind::Invalid).field(field));
    }
    let stored = vault.store.put_site(on.occasion, on.site.clone(), profile).await;
    // Whether it was stored or not: what is shown next is read anew.
    vault.faces.forget_site(&on.site);
    stored.map_err(|error| refusal::answer(&vault, error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// A form, by its hash. Immutable: a repeat changes nothing.
#[utoipa::path(put, path = "/zone/v1/sites/{site}/definitions/{hash}", tag = "zone", request_body = Object,
    params(("site" = String, Path, description = "The site."),
        ("hash" = String, Path, description = "The definition's hash.")),
    responses((status = 204)))]
pub(super) async fn put_definition(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(hash): Named<DefinitionHash>,
    Json(definition): Json<aside_form::Definition>,
) -> Result<StatusCode, Problem> {
    let published = Published::check(definition).map_err(|error| publish_problem(&error))?;
    // The vault names a definition itself: what it shows is what was named.
    if *published.hash() != hash {
        return Err(of_kind(ProblemKind::Invalid).field("hash"));
    }
    let stored = vault.store.put_definition(on.occasion, on.site, published).await;
    stored.map_err(|error| refusal::answer(&vault, error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops the site's secure forms, or lets them go on (A10). Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/forms", tag = "zone", request_body = FormsSwitch,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 204)))]
pub(super) async fn switch_forms(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(switch): Json<FormsSwitch>,
) -> Result<StatusCode, Problem> {
    let ended = vault.store.switch_forms(on.occasion, on.site, switch.on).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// The field of a profile that cannot be shown as it is.
fn fault(profile: &SiteProfile) -> Option<&'static str> {
    let link = |url: &Option<String>| {
        url.as_ref().is_none_or(|url| {
            let web = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            url.len() <= LINK
                && web.is_some_and(|rest| !rest.is_empty())
                && !url.chars().any(|c| c.is_control() || c.is_whitespace())
        })
    };
    let brand = profile.brand.trim();
    if brand.is_empty() || brand.chars().count() > BRAND || brand.chars().any(char::is_control) {
        Some("brand")
    } else if profile.origins.len() > ORIGINS {
        Some("origins")
    } else if !link(&profile.privacy_url) {
        Some("privacy_url")
    } else if !link(&profile.contact_url) {
        Some("contact_url")
    } else if profile.keeping.days > Keeping::LONGEST {
        Some("keeping")
    } else {
        None
    }
}

fn publish_problem(error: &PublishError) -> Problem {
    let problem = of_kind(ProblemKind::Invalid);
    match error {
        PublishError::NotADefinition(_) => problem,
        PublishError::Faults(faults) => match faults.first() {
            Some(fault) => problem.field(fault.field.clone()),
            None => problem,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_thirteen_months_at_most() {
        let keeping = |days| SiteProfile {
            brand: "Northwind".into(),
            origins: Vec::new(),
            privacy_url: None,
            contact_url: None,
            keeping: Keeping { days },
        };
        assert_eq!((fault(&keeping(0)), fault(&keeping(395))), (None, None));
        assert_eq!(fault(&keeping(396)), Some("keeping"));
    }

    #[test]
    fn a_link_of_a_site_is_a_web_address_and_nothing_that_runs() {
        let profile = |url: &str| SiteProfile {
            brand: "Northwind".into(),
            origins: Vec::new(),
            privacy_url: Some(url.into()),
            contact_url: None,
            keeping: Keeping::default(),
        };
        assert_eq!(fault(&profile("https://northwind.example/privacy")), None);
        for bad in ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "https://a b", ""] {
            assert_eq!(fault(&profile(bad)), Some("privacy_url"), "{bad}");
        }
    }
}
