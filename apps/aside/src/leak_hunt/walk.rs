//! One client of the hunt: an agent and a visitor who walk forms round by whatever path, right or wrong, and never mind a
//! program that dies under them.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use aside_base::SiteId;
use aside_wire::Channel;
use http::Method;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::marks::{Answers, MISTYPED};
use crate::journey::{Agent, Body, Browser, FormPage, Initiator, JourneyError, Setting, Visitor};

/// How long a client waits before it goes on when a program is down.
const DOWN: Duration = Duration::from_millis(100);

/// What clients did.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) lifecycles: u64,
    pub(super) refusals: u64,
    pub(super) broken_off: u64,
    /// Why, and how often.
    pub(super) reasons: BTreeMap<String, u64>,
}

impl Walked {
    pub(super) fn add(&mut self, other: Self) {
        self.lifecycles += other.lifecycles;
        self.refusals += other.refusals;
        self.broken_off += other.broken_off;
        for (reason, times) in other.reasons {
            *self.reasons.entry(reason).or_default() += times;
        }
    }
}

/// What one walk came to.
enum End {
    Done,
    Refused,
}

/// A visitor in a conversation, and what is answered there.
struct Visit {
    visitor: Visitor,
    conversation: String,
    answers: Answers,
}

pub(super) struct Walker {
    pub(super) agent: Agent,
    pub(super) setting: Setting,
    pub(super) site: SiteId,
    /// The vault's port, for what no browser sends.
    pub(super) vault_port: u16,
}

impl Walker {
    pub(super) async fn walk_until(mut self, end: Instant) -> Walked {
        let mut walked = Walked::default();
        while Instant::now() < end {
            match self.walk().await {
                Ok(End::Done) => walked.lifecycles += 1,
                Ok(End::Refused) => walked.refusals += 1,
                Err(error) => {
                    walked.broken_off += 1;
                    *walked.reasons.entry(reason(&error)).or_default() += 1;
                    tokio::time::sleep(DOWN).await;
                }
            }
        }
        walked
    }

    async fn walk(&mut self) -> Result<End, JourneyError> {
        // A browser of its own: its connections close with it, as a visitor's do.
        let mut visitor = Visitor::visit(&self.setting, &self.site).await?;
        let conversation = visitor.say("Hello").await?;
        let mut visit = Visit { visitor, conversation, answers: Answers::make_up(&*self.setting.rng) };
        let [path] = self.setting.rng.bytes();
        let outcome = match path % 8 {
            0 | 1 => self.card(&mut visit, false).await,
            2 | 3 => self.card(&mut visit, true).await,
            4 => self.note(&mut visit).await,
            5 => self.wrong_and_declined(&mut visit).await,
            6 => self.misused(&mut visit).await,
            _ => self.broken_off(&mut visit).await,
        };
        self.agent.close(&visit.conversation).await?;
        outcome
    }

    async fn opened(&mut self, visit: &mut Visit, form: &str) -> Result<(String, FormPage), JourneyError> {
        let form = self.agent.form(form).await?;
        let sent = self.agent.invite(&visit.conversation, &form.hash, Channel::Web).await?;
        let page = visit.visitor.open(&sent.invitation).await?;
        Ok((sent.invitation, page))
    }

    /// A card, with a mistake first, then viewed and revealed.
    async fn card(&mut self, visit: &mut Visit, sealed: bool) -> Result<End, JourneyError> {
        let (invitation, page) = self.opened(visit, "cardholder-data").await?;
        let Visit { visitor, answers, .. } = visit;
        let mut wrong = answers.card();
        wrong[1].1 = MISTYPED;
        let refused =
            if sealed { visitor.submit_sealed(&page, &wrong).await } else { visitor.submit(&page, &wrong).await };
        let page = corrected(&page, refused)?;
        let mut feed = visitor.feed(None).await?;
        if sealed {
            visitor.submit_sealed(&page, &answers.card()).await?;
        } else {
            visitor.submit(&page, &answers.card()).await?;
        }
        feed.status(&invitation, "submitted").await?;
        self.read(&invitation).await
    }

    async fn note(&mut self, visit: &mut Visit) -> Result<End, JourneyError> {
        let (invitation, page) = self.opened(visit, "secure-note").await?;
        let mut feed = visit.visitor.feed(None).await?;
        visit.visitor.submit(&page, &[("note", &visit.answers.note)]).await?;
        feed.status(&invitation, "submitted").await?;
        self.read(&invitation).await
    }

    async fn read(&mut self, invitation: &str) -> Result<End, JourneyError> {
        let granted = self.agent.grant(invitation).await?;
        let view = self.agent.look(&granted).await?;
        for answer in view.answers.clone() {
            self.agent.reveal(&view, &answer).await?;
        }
        view.done(&mut self.agent.browser).await?;
        Ok(End::Done)
    }

    /// Answers that are refused, and a visitor who then chooses not to answer.
    async fn wrong_and_declined(&mut self, visit: &mut Visit) -> Result<End, JourneyError> {
        let (_, page) = self.opened(visit, "cardholder-data").await?;
        let Visit { visitor, answers, .. } = visit;
        let refused = visitor.submit(&page, &[("name", &answers.name), ("number", MISTYPED)]).await;
        let page = corrected(&page, refused)?;
        visitor.decline(&page).await?;
        Ok(End::Refused)
    }

    /// Answers in places where none belong: under a dead key, in an address, in JSON, far too long.
    async fn misused(&mut self, visit: &mut Visit) -> Result<End, JourneyError> {
        let (invitation, page) = self.opened(visit, "cardholder-data").await?;
        let Visit { visitor, answers, .. } = visit;
        let vault = self.setting.origins.vault.clone();
        let from = Initiator::Page(&vault);
        let url = format!("{vault}/form/{invitation}");
        let dead = FormPage { key: page.key.chars().rev().collect(), ..page.clone() };
        let mut refused = u32::from(visitor.submit(&dead, &answers.card()).await.is_err());
        refused += u32::from(visitor.another_device().submit(&page, &answers.card()).await.is_err());
        let query = format!("{url}?q-name={}&q-number={}", answers.name.replace(' ', "+"), answers.number);
        visitor.browser.get(&query, from).await?;
        let json = serde_json::json!({ "otk": page.key, "q-name": answers.name, "q-number": answers.number });
        visitor.browser.post_json(&url, from, &json).await?;
        let long = format!("otk={}&q-name={}", page.key, answers.name.replace(' ', "+").repeat(20_000));
        let kind = "application/x-www-form-urlencoded";
        // The vault may hang up before all is sent.
        let _ = visitor.browser.send(Method::POST, &url, from, Body::Raw(kind, long.as_bytes())).await;
        let header = Browser::new()?.get(&format!("{vault}/{}", answers.number), from).await?;
        refused += u32::from(header.status != 200);
        if refused == 3 { Ok(End::Refused) } else { Err(JourneyError::lacking("misuse", "a refusal")) }
    }

    /// A connection that breaks in the middle of the answers.
    async fn broken_off(&mut self, visit: &mut Visit) -> Result<End, JourneyError> {
        let (invitation, page) = self.opened(visit, "cardholder-data").await?;
        let Visit { visitor, answers, .. } = visit;
        let vault = &self.setting.origins.vault;
        let url = format!("{vault}/form/{invitation}");
        let cookies = visitor.browser.cookie_header(&Method::POST, &url, Initiator::Page(vault)).unwrap_or_default();
        let host = vault.trim_start_matches("http://");
        let name = answers.name.replace(' ', "+");
        let text = format!(
            "POST /form/{invitation} HTTP/1.1\r\nHost: {host}\r\nOrigin: {vault}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n\
             otk={}&q-name={name}&q-number={}&q-cvv={}",
            page.key, answers.number, answers.code
        );
        let broken =
            |error: std::io::Error| JourneyError::NoAnswer { step: "half a form".into(), reason: error.to_string() };
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.vault_port)).await.map_err(broken)?;
        stream.write_all(text.as_bytes()).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        drop(stream);
        Ok(End::Refused)
    }
}

/// What broke a walk off, without what is in an address.
fn reason(error: &JourneyError) -> String {
    match error {
        JourneyError::NoAnswer { .. } => "no answer".to_owned(),
        other => format!("{other} {}", other.kind().unwrap_or_default()),
    }
}

/// The page that came back with a refusal of the answers.
fn corrected(page: &FormPage, refused: Result<crate::journey::Reply, JourneyError>) -> Result<FormPage, JourneyError> {
    match refused {
        Err(JourneyError::Refused { reply, .. }) if reply.status == 422 => {
            FormPage::read(&page.invitation, reply.text())
        }
        Err(other) => Err(other),
        Ok(_) => Err(JourneyError::lacking("a mistyped number", "a refusal")),
    }
}
