//! What the vault must know of a site to render and frame its pages.

use aside_base::Origin;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `PUT /zone/v1/sites/{site}`: the site's face as the vault shows it, replaced whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteProfile {
    /// The brand's name for people.
    pub brand: String,
    /// Origins whose pages may carry the widget, and so frame the form page.
    #[schema(value_type = Vec<String>)]
    pub origins: Vec<Origin>,
    /// The brand's privacy page, linked from the form.
    pub privacy_url: Option<String>,
    /// The brand's contact page, linked from the form.
    pub contact_url: Option<String>,
    /// How long answers are kept.
    #[serde(default)]
    pub keeping: Keeping,
}

/// How long a site's answers are kept (V5). A form or a question may shorten it, nothing lengthens it. Shortening it holds for
/// what is stored already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    /// Days after submission, at most [`Keeping::LONGEST`]; 0 for until the conversation closes.
    #[schema(maximum = 395)]
    pub days: u16,
}

impl Keeping {
    /// Thirteen months.
    pub const LONGEST: u16 = aside_form::limits::KEEP_DAYS;
}

impl Default for Keeping {
    fn default() -> Self {
        Self { days: Self::LONGEST }
    }
}

/// `POST /zone/v1/sites/{site}/forms`: whether secure forms may be used at all (A10). Off cancels every unsubmitted
/// invitation of the site and refuses new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormsSwitch {
    /// On, or stopped.
    pub on: bool,
}
