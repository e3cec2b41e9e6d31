//! What a client was told: what it may hold both programs to after they fell.

use std::sync::Arc;
use std::time::Duration;

use aside_base::SiteId;
use aside_wire::Channel;
use tokio::sync::Notify;

use crate::journey::{Agent, Feed, FormPage, Granted, JourneyError, OpenKey, Setting, Visitor};

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Told {
    /// It was not made.
    #[default]
    Nothing,
    /// It was made, and no answer came: it was carried out, or it was not.
    Unknown,
    /// It was acknowledged.
    Done,
}

impl Told {
    /// What an outcome tells: only an answer of the program itself that says *done* is one.
    fn of<T>(outcome: &Result<T, JourneyError>) -> Self {
        if outcome.is_ok() { Self::Done } else { Self::Unknown }
    }
}

/// One form's way, as its client saw it.
#[derive(Default)]
pub(super) struct Form {
    pub(super) invitation: String,
    /// The name that was answered, which no other form has.
    pub(super) name: String,
    pub(super) open: Option<OpenKey>,
    pub(super) opened: Told,
    pub(super) page: Option<FormPage>,
    pub(super) submitted: Told,
    pub(super) grant: Option<Granted>,
    pub(super) viewed: Told,
}

/// One client with everything it was told in a round.
pub(super) struct Client {
    pub(super) agent: Agent,
    pub(super) visitor: Visitor,
    pub(super) conversation: String,
    pub(super) forms: Vec<Form>,
    setting: Setting,
    definition: String,
    acknowledged: Arc<Notify>,
}

/// How long a client waits for a status that both programs have time to tell.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

impl Client {
    /// `acknowledged` is rung at each submission that was.
    pub(super) async fn at_work(
        setting: &Setting,
        mut agent: Agent,
        site: &SiteId,
        acknowledged: Arc<Notify>,
    ) -> Result<Self, JourneyError> {
        let mut visitor = Visitor::visit(setting, site).await?;
        let conversation = visitor.say("Hello").await?;
        visitor.begin().await?;
        let definition = agent.form("cardholder-data").await?.hash;
        Ok(Self { agent, visitor, conversation, forms: Vec::new(), setting: setting.clone(), definition, acknowledged })
    }

    /// Walks forms until something does not answer.
    pub(super) async fn walk(mut self) -> Self {
        let Ok(mut feed) = self.visitor.feed(None).await else { return self };
        while self.form(&mut feed).await.is_ok() {}
        self
    }

    async fn form(&mut self, feed: &mut Feed) -> Result<(), JourneyError> {
        let invitation = self.setting.fresh_id();
        let name = format!("Ada {}", &invitation[24..]);
        self.forms.push(Form { invitation: invitation.clone(), name: name.clone(), ..Form::default() });
        let Some(form) = self.forms.last_mut() else { return Ok(()) };

        self.agent.invite_as(&invitation, &self.conversation, &self.definition, Channel::Web).await?;
        let open = self.visitor.click(&invitation).await?;
        form.open = Some(open.clone());
        let page = self.visitor.load(&open).await;
        form.opened = Told::of(&page);
        let page = form.page.insert(page?).clone();

        let card = [("name", name.as_str()), ("number", "4111111111111111"), ("expiry", "04/39"), ("cvv", "737")];
        let submitted = self.visitor.submit(&page, &card).await;
        form.submitted = Told::of(&submitted);
        submitted?;
        self.acknowledged.notify_one();
        let told = tokio::time::timeout(TOLD_WITHIN, feed.status(&invitation, "submitted")).await;
        told.map_err(|_| JourneyError::Silence { step: "submitted".into(), seconds: TOLD_WITHIN.as_secs() })??;

        let granted = self.agent.grant(&invitation).await?;
        form.grant = Some(granted.clone());
        let viewed = self.agent.look(&granted).await;
        form.viewed = Told::of(&viewed);
        viewed.map(drop)
    }
}
