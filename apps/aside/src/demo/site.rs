//! The demo's own pages on the third port: the brand's sample site by its host, and the first page at `localhost`.
//!
//! The sample site is what a brand does: one page, one script tag. It knows nothing of the vault.

use std::sync::Arc;

use aside_base::{Clock, Origin, OriginError, SiteId};
use aside_language::{Catalog, LoadError, Source, Words};
use aside_operate::{Shutdown, StartError, bind};
use aside_web::{HostRouter, Plumbing, plumb, serve};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use tokio::net::TcpListener;

use super::people::{Person, codes, spaced};
use crate::house::{CodeApp, House, Origins, Role, local};

const SITE_PAGE: &str = include_str!("../../site/index.html");
const SITE_STYLE: &str = include_str!("../../site/site.css");
const START_PAGE: &str = include_str!("../../site/start.html");
const PERSON_ROW: &str = include_str!("../../site/person.html");
const START_SCRIPT: &str = include_str!("../../site/start.js");
const START_STYLE: &str = include_str!("../../site/start.css");
const START_WORDS: &str = include_str!("../../../../translations/en/start.ftl");

/// Why the sample site is not served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The port.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A name of the house is no origin.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The words.
    #[error("the words of the first page: {0}")]
    Words(#[from] LoadError),
}

/// The bound sample site.
pub(super) struct Sample {
    listener: TcpListener,
    router: Router,
    site: Origin,
    start: Origin,
}

impl Sample {
    /// Takes the port and renders both pages.
    pub(super) async fn bind(
        house: &House,
        site: &SiteId,
        people: &[Person],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SiteError> {
        let port = house.ports.brand;
        let site: Origin = Origins::of_brand(&house.ports, site).parse()?;
        let start: Origin = format!("http://localhost:{port}").parse()?;
        let site_page = SITE_PAGE.replace("{{chat_origin}}", &escaped(&house.origins.chat));
        let start_page = StartPage::new(house, &site, people.to_vec(), clock)?;
        let site_policy = format!(
            "default-src 'none'; script-src {chat}; style-src 'self'; img-src 'self'; frame-src {chat}; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
            chat = house.origins.chat
        );
        let start_policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'";
        let router = HostRouter::new()
            .host(&site, pages(site_page, &site_policy, "/site.css", SITE_STYLE))
            .host(&start, start_pages(Arc::new(start_page), start_policy))
            .into_router();
        let listener = bind(local(port), "the port of the sample site").await?;
        Ok(Self { listener, router, site, start })
    }

    /// Where the brand's site is.
    pub(super) fn site_origin(&self) -> String {
        self.site.to_string()
    }

    /// Where to begin.
    pub(super) fn start_origin(&self) -> String {
        self.start.to_string()
    }

    /// Serves until it is asked to stop.
    pub(super) async fn serve(self, shutdown: Shutdown) {
        serve(self.listener, self.router, shutdown.asked()).await;
    }
}

/// A page at `/` with its style sheet beside it.
fn pages(page: String, policy: &str, style_path: &'static str, style: &'static str) -> Router {
    let policy = policy.to_owned();
    let page = get(move || async move {
        ([(CONTENT_TYPE, "text/html; charset=utf-8".to_owned()), (CONTENT_SECURITY_POLICY, policy)], page)
    });
    let style = get(move || async move { file("text/css; charset=utf-8", style) });
    // Browsers ask for an icon by themselves; there is none, and that is no error.
    let icon = get(|| async { StatusCode::NO_CONTENT });
    let router = Router::new().route("/", page).route(style_path, style).route("/favicon.ico", icon);
    plumb(router.fallback(|| async { aside_web::Problem::no_route() }), Plumbing::default())
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text).into_response()
}

/// The first page, with codes that go on while it is open.
fn start_pages(page: Arc<StartPage>, policy: &'static str) -> Router {
    let shown = Arc::clone(&page);
    let html = get(move || async move {
        let head = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, policy),
            (CACHE_CONTROL, "no-store"),
        ];
        (head, shown.render())
    });
    let codes = get(move || async move {
        let codes = codes(&page.people, page.clock.now());
        ([(CACHE_CONTROL, "no-store")], axum::Json(codes)).into_response()
    });
    let style = get(|| async { file("text/css; charset=utf-8", START_STYLE) });
    let script = get(|| async { file("text/javascript; charset=utf-8", START_SCRIPT) });
    let icon = get(|| async { StatusCode::NO_CONTENT });
    let router = Router::new()
        .route("/", html)
        .route("/codes", codes)
        .route("/start.css", style)
        .route("/start.js", script)
        .route("/favicon.ico", icon);
    plumb(router.fallback(|| async { aside_web::Problem::no_route() }), Plumbing::default())
}

struct StartPage {
    catalog: Catalog,
    values: [(&'static str, String); 3],
    people: Vec<Person>,
    clock: Arc<dyn Clock>,
}

impl StartPage {
    fn new(house: &House, site: &Origin, people: Vec<Person>, clock: Arc<dyn Clock>) -> Result<Self, SiteError> {
        let catalog = Catalog::embedded_and(&[Source { locale: "en", file: "start", text: START_WORDS }])?;
        let values = [
            ("desk_origin", house.origins.desk.clone()),
            ("site_origin", site.to_string()),
            ("data_folder", house.folders.root().display().to_string()),
        ];
        Ok(Self { catalog, values, people, clock })
    }

    fn render(&self) -> String {
        let words = self.catalog.negotiate("en");
        filled(START_PAGE, |name| match (name.strip_prefix("t:"), name) {
            (Some(key), _) => Value::Text(words.say(key)),
            (None, "seconds") => Value::Text(CodeApp::seconds_left(self.clock.now()).to_string()),
            (None, "people") => Value::Html(self.people.iter().map(|person| self.row(words, person)).collect()),
            (None, name) => {
                let value = self.values.iter().find(|(known, _)| *known == name);
                Value::Text(value.map(|(_, value)| value.clone()).unwrap_or_default())
            }
        })
    }

    /// A row of the table of people.
    fn row(&self, words: Words<'_>, person: &Person) -> String {
        let code = |app: &Option<CodeApp>| match app {
            Some(app) => {
                let (code, secret) = (spaced(&app.shown(self.clock.now())), app.text());
                format!("<code data-code>{code}</code> <code class=\"secret\">{}</code>", escaped(&secret))
            }
            None => escaped(&words.say("start-no-code")),
        };
        let role = match person.role {
            Role::Agent => "start-role-agent",
            Role::Manager => "start-role-manager",
            Role::Admin => "start-role-admin",
        };
        filled(PERSON_ROW, |name| match name {
            "display" => Value::Text(person.display_name.clone()),
            "role" => Value::Text(words.say(role)),
            "name" => Value::Text(person.name.clone()),
            "password" => Value::Text(person.password.clone()),
            "sign_in" => Value::Html(code(&person.sign_in)),
            _ => Value::Html(code(&person.confirm)),
        })
    }
}

/// What stands in a place of a page.
enum Value {
    /// To be escaped.
    Text(String),
    /// Written here, its texts escaped already.
    Html(String),
}

/// Fills each `{{name}}` with its value, in one pass, so that a value is never taken for a place.
fn filled(template: &str, value: impl Fn(&str) -> Value) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                match value(name.trim()) {
                    Value::Text(text) => page.push_str(&escaped(&text)),
                    Value::Html(html) => page.push_str(&html),
                }
                page.push_str(rest);
            }
            None => page.push_str(part),
        }
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_in_value_is_escaped_and_is_no_place_itself() {
        let page = filled("<a href=\"{{ site }}\">{{t:go}}</a>", |name| match name {
            "site" => Value::Text("{{t:go}}\"<script>".to_owned()),
            _ => Value::Text("Go".to_owned()),
        });
        assert_eq!(page, "<a href=\"{{t:go}}&quot;&lt;script&gt;\">Go</a>");
    }

    #[test]
    fn every_place_of_the_pages_is_known() {
        let catalog = Catalog::embedded_and(&[Source { locale: "en", file: "start", text: START_WORDS }]).unwrap();
        let words = catalog.negotiate("en");
        let known = ["desk_origin", "site_origin", "data_folder", "people", "seconds"];
        let _ = filled(START_PAGE, |name| {
            match name.strip_prefix("t:") {
                Some(key) => assert_ne!(words.say(key), key, "nobody says {key}"),
                None => assert!(known.contains(&name), "{name}"),
            }
            Value::Text(String::new())
        });
        let _ = filled(SITE_PAGE, |name| {
            assert_eq!(name, "chat_origin");
            Value::Text(String::new())
        });
    }
}
