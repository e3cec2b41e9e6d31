//! The stage: plays one list of operations, and holds both zones to the invariants after each.

use aside_wire::Reopen;
use http::StatusCode;
use proptest::sample::Index;
use serde_json::json;

use crate::browser::{Browser, Reply};
use crate::house::{AGENTS, CHAT, Failure, House, VAULT};
use crate::invariant;
use crate::ledger::{By, Ledger, Opened, Played, Sent, Shown, marker};
use crate::link::Wire;
use crate::operation::Operation;
use crate::person::{Agent, Visitor};

/// A published test number.
pub(crate) const PAN: &str = "4111111111111111";
const CODE: &str = "737";

/// Everything on the stage.
pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) ledger: Ledger,
    /// Whether the tasks came round since anything happened.
    pub(crate) settled: bool,
    agents: Vec<Agent>,
    visitors: Vec<Visitor>,
    count: u32,
}

/// Plays a list of operations under one of the reopening rules.
///
/// # Errors
/// The sentence that was broken, and after which operation.
pub fn run(reopen: Reopen, operations: &[Operation]) -> Result<Played, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut world = World::begin(reopen).await.map_err(|error| format!("at the beginning: {error}"))?;
        for (number, operation) in operations.iter().enumerate() {
            let played = async {
                world.play(operation).await?;
                world.check().await
            };
            played.await.map_err(|error| format!("after operation {number}, {operation:?}: {error}"))?;
        }
        world.end().await.map_err(|error| format!("at the end: {error}"))?;
        Ok(world.ledger.played)
    })
}

impl World {
    async fn begin(reopen: Reopen) -> Result<Self, Failure> {
        let house = House::build(reopen).await?;
        house.desk.desk.turn().await?;
        let mut world = Self {
            house,
            ledger: Ledger::default(),
            settled: false,
            agents: AGENTS.into_iter().map(Agent::new).collect(),
            visitors: Vec::new(),
            count: 0,
        };
        for agent in &mut world.agents {
            agent.sign_in(&world.house).await?;
            if !agent.enrol(&world.house).await {
                return Err(format!("{} could not be enrolled", agent.name).into());
            }
        }
        world.visit().await?;
        Ok(world)
    }

    async fn check(&self) -> Result<(), Failure> {
        invariant::nobody_was_let_through(self)?;
        invariant::each_form_is_kept_once(self)?;
        invariant::the_desk_has_heard_everything(self).await
    }

    /// Mends what is cut, lets everything settle, and looks once more, into the files too.
    async fn end(&mut self) -> Result<(), Failure> {
        self.house.between.set(Wire::Whole);
        for _ in 0..3 {
            self.turn().await?;
        }
        self.check().await?;
        self.revoked_is_over().await?;
        self.check().await?;
        invariant::no_file_holds_an_answer(self)
    }

    /// Every view whose right was taken away is shut for good, now that the vault has heard of it.
    async fn revoked_is_over(&mut self) -> Result<(), Failure> {
        for number in 0..self.ledger.views.len() {
            self.reveal(number, false).await?;
            self.reveal(number, true).await?;
        }
        Ok(())
    }

    async fn play(&mut self, operation: &Operation) -> Result<(), Failure> {
        self.settled = false;
        self.ledger.played.operations += 1;
        match operation {
            Operation::Visit => self.visit().await,
            Operation::Invite { agent, conversation, card } => {
                self.invite(agent.index(AGENTS.len()), conversation, *card).await
            }
            Operation::Round { agent, conversation, card } => {
                self.round(agent.index(AGENTS.len()), conversation, *card).await
            }
            Operation::Turn => self.turn().await,
            Operation::Wire(wire) => {
                self.house.between.set(*wire);
                Ok(())
            }
            Operation::Wait(seconds) => {
                self.house.clock.advance_seconds(*seconds);
                Ok(())
            }
            Operation::CrashVault => {
                self.ledger.played.killed += 1;
                self.house.restart_vault().await
            }
            Operation::CrashDesk => {
                self.ledger.played.killed += 1;
                self.house.restart_desk()
            }
            Operation::RotateKeys => self.rotate().await,
            Operation::Lock { agent } => {
                let agent = &mut self.agents[agent.index(AGENTS.len())];
                agent.desk(&self.house, "/api/session/lock", json!({})).await;
                Ok(())
            }
            Operation::SignOut { agent } => self.sign_out(agent.index(AGENTS.len())).await,
            Operation::SignIn { agent } => self.sign_in(agent.index(AGENTS.len())).await,
            Operation::Transfer { conversation, agent } => {
                let conversation = conversation.index(self.visitors.len());
                self.transfer(conversation, agent.index(AGENTS.len())).await
            }
            Operation::Close { conversation } => self.close(conversation.index(self.visitors.len())).await,
            Operation::Reveal { view, code } => match some(view, self.ledger.views.len()) {
                Some(view) => self.reveal(view, *code).await,
                None => Ok(()),
            },
            Operation::Done { view } => match some(view, self.ledger.views.len()) {
                Some(view) => self.done(view).await,
                None => Ok(()),
            },
            Operation::Replay { request, stranger } => match some(request, self.ledger.shown.len()) {
                Some(request) => self.replay(request, *stranger).await,
                None => Ok(()),
            },
            on => self.play_on_a_form(on).await,
        }
    }

    async fn play_on_a_form(&mut self, operation: &Operation) -> Result<(), Failure> {
        let forms = self.ledger.sent.len();
        let number = match operation {
            Operation::Open { invitation, .. }
            | Operation::Reload { invitation }
            | Operation::Submit { invitation, .. }
            | Operation::Decline { invitation }
            | Operation::Leave { invitation }
            | Operation::Look { invitation, .. }
            | Operation::Cancel { invitation }
            | Operation::Reissue { invitation } => some(invitation, forms),
            _ => None,
        };
        let Some(number) = number else { return Ok(()) };
        match operation {
            Operation::Open { laptop, .. } => self.open(number, usize::from(*laptop)).await,
            Operation::Reload { .. } => self.load(number, self.ledger.sent[number].device).await,
            Operation::Submit { well, .. } => self.submit(number, *well).await,
            Operation::Decline { .. } => self.put_away(number, "decline").await,
            Operation::Leave { .. } => self.put_away(number, "close").await,
            Operation::Look { sender: true, .. } => self.look(number, self.ledger.sent[number].agent).await,
            Operation::Look { agent, .. } => self.look(number, agent.index(AGENTS.len())).await,
            Operation::Cancel { .. } => self.command(number, "cancel").await,
            _ => self.command(number, "reissue").await,
        }
    }

    fn fresh(&mut self) -> String {
        self.count += 1;
        format!("01900000-0000-7000-8000-{:012x}", self.count)
    }

    async fn visit(&mut self) -> Result<(), Failure> {
        let fresh = self.fresh();
        self.visitors.push(Visitor::visit(&self.house, &fresh).await?);
        Ok(())
    }

    async fn turn(&mut self) -> Result<(), Failure> {
        self.house.desk.desk.turn().await?;
        self.house.vault.vault.sweep_once().await;
        // What the sweep has ended is told in the next turn.
        self.house.desk.desk.turn().await?;
        self.settled = true;
        Ok(())
    }

    async fn invite(&mut self, agent: usize, conversation: &Index, card: bool) -> Result<(), Failure> {
        let visitor = conversation.index(self.visitors.len());
        let id = self.fresh();
        let wanted = if card { "cardholder-data" } else { "secure-note" };
        let forms = aside_form::out_of_the_box().map_err(|error| format!("{error:?}"))?;
        let Some(form) = forms.iter().find(|form| form.definition().id == wanted) else { return Ok(()) };
        let body = json!({ "id": id, "form": form.hash(), "channel": "web" });
        let path = format!("/api/conversations/{}/invitations", self.visitors[visitor].conversation);
        let mut reply = self.agents[agent].desk(&self.house, &path, body.clone()).await;
        // Locked or signed out, by time or by somebody: the agent comes back and tries again.
        if matches!(reply.status.as_u16(), 401 | 423) {
            self.sign_in(agent).await?;
            reply = self.agents[agent].desk(&self.house, &path, body).await;
        }
        if reply.is_done() {
            self.ledger.played.sent += 1;
            self.ledger.sent.push(Sent {
                id,
                visitor,
                agent,
                session: self.agents[agent].session,
                card,
                device: 0,
                key: None,
                acknowledged: None,
                revoked: false,
                reissued: false,
                closed_for_good: false,
            });
        }
        Ok(())
    }

    async fn round(&mut self, agent: usize, conversation: &Index, card: bool) -> Result<(), Failure> {
        let before = self.ledger.sent.len();
        self.invite(agent, conversation, card).await?;
        if self.ledger.sent.len() > before {
            self.open(before, 0).await?;
            self.submit(before, true).await?;
            self.house.desk.desk.turn().await?;
            self.look(before, agent).await?;
        }
        Ok(())
    }

    async fn open(&mut self, number: usize, device: usize) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let browser = &mut self.visitors[sent.visitor].devices[device];
        let path = format!("/api/invitations/{}/open", sent.id);
        let clicked = browser.call(&self.house.desk.router, CHAT, &path, json!({})).await.json();
        let Some(key) = clicked["key"].as_str().map(str::to_owned) else { return Ok(()) };
        let shown = Shown {
            key: key.clone(),
            by: By::Device(sent.visitor, device),
            path: "/open".to_owned(),
            fields: vec![("otk".to_owned(), key)],
            sent: number,
        };
        let reply = self.show(&shown).await;
        self.ledger.shown.push(shown);
        if reply.status == StatusCode::SEE_OTHER {
            self.load(number, device).await?;
        }
        Ok(())
    }

    async fn load(&mut self, number: usize, device: usize) -> Result<(), Failure> {
        let sent = &self.ledger.sent[number];
        let browser = &mut self.visitors[sent.visitor].devices[device];
        let page = browser.get(&self.house.vault.public, VAULT, &format!("/form/{}", sent.id)).await;
        if page.status == StatusCode::OK
            && let Some(key) = page.key()
        {
            if sent.acknowledged.is_some() || sent.closed_for_good {
                self.ledger.note(format!("form {number} was loaded again"));
            }
            let sent = &mut self.ledger.sent[number];
            (sent.key, sent.device) = (Some(key), device);
        }
        Ok(())
    }

    async fn submit(&mut self, number: usize, well: bool) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let Some(key) = sent.key else { return Ok(()) };
        let name = marker(number);
        let number_given = if well { PAN } else { "4111111111111112" };
        let card = [
            ("otk", key.as_str()),
            ("q-name", &name),
            ("q-number", number_given),
            ("q-expiry", "04/40"),
            ("q-cvv", CODE),
        ];
        let note = [("otk", key.as_str()), ("q-note", if well { name.as_str() } else { "" })];
        let fields: &[(&str, &str)] = if sent.card { &card } else { &note };
        let shown = Shown {
            key: key.clone(),
            by: By::Device(sent.visitor, sent.device),
            path: format!("/form/{}", sent.id),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            sent: number,
        };
        self.show(&shown).await;
        self.ledger.shown.push(shown);
        Ok(())
    }

    /// Declines a form, or leaves it.
    async fn put_away(&mut self, number: usize, how: &str) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let Some(key) = sent.key else { return Ok(()) };
        let browser = &mut self.visitors[sent.visitor].devices[sent.device];
        let path = format!("/form/{}/{how}", sent.id);
        let reply = browser.post(&self.house.vault.public, VAULT, VAULT, &path, &[("otk", &key)]).await;
        if reply.is_done() && sent.acknowledged.is_some() {
            self.ledger.note(format!("form {number} was sent, and could be put away by {how} afterwards"));
        }
        let once = self.reopen() == Reopen::Once;
        if reply.is_done() && (how == "decline" || once) {
            self.ledger.sent[number].closed_for_good = true;
        }
        Ok(())
    }

    /// Sends a request with a key, and judges what came back.
    async fn show(&mut self, shown: &Shown) -> Reply {
        let fields: Vec<(&str, &str)> =
            shown.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut nobody = Browser::default();
        let page = if shown.path == "/open" { CHAT } else { VAULT };
        let browser = match shown.by {
            By::Device(visitor, device) => &mut self.visitors[visitor].devices[device],
            By::Agent(agent) => &mut self.agents[agent].browser,
            By::Stranger => &mut nobody,
        };
        let reply = browser.post(&self.house.vault.public, page, VAULT, &shown.path, &fields).await;
        self.judge(shown, &reply);
        reply
    }

    /// A key lets one browser through, once. What was let through before may be told so again, in the same browser: that the
    /// form is open there, that it was sent.
    fn judge(&mut self, shown: &Shown, reply: &Reply) {
        if !reply.is_done() {
            return;
        }
        let former = self.ledger.accepted.insert(shown.key.clone(), shown.by);
        if former.is_some_and(|former| former != shown.by) {
            self.ledger.note(format!("a key for {} let two browsers through", shown.path));
        }
        if shown.path == "/view" && former.is_some() {
            self.ledger.note("a view key worked twice".to_owned());
        }
        if shown.path.starts_with("/form/") {
            let sent = &mut self.ledger.sent[shown.sent];
            let By::Device(_, device) = shown.by else {
                return self.ledger.note(format!("form {} was sent by {:?}", shown.sent, shown.by));
            };
            if sent.closed_for_good {
                self.ledger.note(format!("form {} was sent after it was closed for good", shown.sent));
            } else if sent.acknowledged.is_some_and(|first| first != device) {
                self.ledger.note(format!("form {} was sent from two devices", shown.sent));
            } else if sent.acknowledged.is_none() {
                self.ledger.played.answered += 1;
                sent.acknowledged = Some(device);
            }
        }
    }

    async fn replay(&mut self, number: usize, stranger: bool) -> Result<(), Failure> {
        self.ledger.played.replayed += 1;
        let mut shown = self.ledger.shown[number].clone();
        if stranger {
            shown.by = By::Stranger;
        }
        let open_before = self.ledger.accepted.contains_key(&shown.key);
        let reply = self.show(&shown).await;
        // A link works for whoever has it, once: a stranger who is first takes the binding, and the visitor asks anew (S14).
        if stranger && reply.is_done() && shown.path == "/open" && !open_before {
            self.ledger.sent[shown.sent].key = None;
        }
        Ok(())
    }

    async fn look(&mut self, number: usize, agent: usize) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let path = format!("/api/invitations/{}/view", sent.id);
        let granted = self.agents[agent].desk(&self.house, &path, json!({})).await;
        let grant = granted.json();
        let (Some(submission), Some(key)) = (grant["submission"].as_str(), grant["key"].as_str()) else {
            return Ok(());
        };
        if !self.may_look(&sent, agent) {
            self.ledger.note(format!("form {number} was granted to {} who has no right", self.agents[agent].name));
        }
        // Whoever else has the key: the desk itself, a colleague.
        let shown = |by| Shown {
            key: key.to_owned(),
            by,
            path: "/view".to_owned(),
            fields: vec![("submission".to_owned(), submission.to_owned()), ("otk".to_owned(), key.to_owned())],
            sent: number,
        };
        for other in [By::Stranger, By::Agent(1 - agent)] {
            if self.show(&shown(other)).await.is_done() {
                self.ledger.note(format!("{other:?} saw the answers of form {number}"));
            }
        }
        let page = self.show(&shown(By::Agent(agent))).await;
        self.ledger.shown.push(shown(By::Agent(agent)));
        if let Some(id) = page.between("data-view=\"", "\"").filter(|_| page.is_done()) {
            if page.text.contains(PAN) || page.text.contains(&format!(">{CODE}<")) {
                self.ledger.note(format!("the view of form {number} shows what should be masked"));
            }
            for view in self.ledger.views.iter_mut().filter(|view| view.sent == number) {
                view.closed = true;
            }
            self.ledger.played.viewed += 1;
            let session = self.agents[agent].session;
            self.ledger.views.push(Opened { id, agent, session, sent: number, closed: false });
        }
        Ok(())
    }

    /// Whether an agent may see the answers, by all that was said and done: the one who sent the form, in that session, while
    /// nothing took the right away.
    fn may_look(&self, sent: &Sent, agent: usize) -> bool {
        let agent_now = &self.agents[agent];
        sent.agent == agent && agent_now.session == sent.session && agent_now.signed_in && !sent.revoked
    }

    async fn reveal(&mut self, number: usize, code: bool) -> Result<(), Failure> {
        let view = self.ledger.views[number].clone();
        let sent = self.ledger.sent[view.sent].clone();
        let answer = match (sent.card, code) {
            (true, true) => "cvv",
            (true, false) => "number",
            (false, _) => return Ok(()),
        };
        // The vault has heard of it only if the tasks came round since, over a whole wire.
        let heard = self.settled && self.house.between.wire() == Wire::Whole;
        let may = self.may_look(&sent, view.agent) && self.agents[view.agent].session == view.session && !view.closed;
        let body = json!({ "view": view.id, "answer": answer });
        let agent = &mut self.agents[view.agent];
        let mut reply = agent.browser.call(&self.house.vault.public, VAULT, "/view/reveal", body.clone()).await;
        if reply.json()["kind"] == "confirm" {
            agent.confirm(&self.house, &view.id).await;
            reply = agent.browser.call(&self.house.vault.public, VAULT, "/view/reveal", body).await;
        }
        self.ledger.played.revealed += u32::from(reply.is_done());
        let clear = if code { CODE } else { PAN };
        if reply.is_done() && reply.json()["text"] != clear {
            self.ledger.note(format!("view {number} revealed something else than was sent"));
        }
        if reply.is_done() && !may && (heard || view.closed) {
            self.ledger.note(format!("view {number} revealed {answer} after the right was gone"));
        }
        Ok(())
    }

    async fn done(&mut self, number: usize) -> Result<(), Failure> {
        let view = self.ledger.views[number].clone();
        let body = json!({ "view": view.id });
        let browser = &mut self.agents[view.agent].browser;
        if browser.call(&self.house.vault.public, VAULT, "/view/done", body).await.is_done() {
            self.ledger.views[number].closed = true;
        }
        Ok(())
    }

    /// The sender takes the form back, or offers it anew.
    async fn command(&mut self, number: usize, what: &str) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let path = format!("/api/invitations/{}/{what}", sent.id);
        let reply = self.agents[sent.agent].desk(&self.house, &path, json!({})).await;
        self.ledger.sent[number].reissued |= what == "reissue";
        if reply.is_done() && sent.acknowledged.is_some() {
            self.ledger.note(format!("form {number} was sent, and {what} went through afterwards"));
        }
        Ok(())
    }

    async fn close(&mut self, visitor: usize) -> Result<(), Failure> {
        let path = format!("/api/conversations/{}/close", self.visitors[visitor].conversation);
        for agent in 0..self.agents.len() {
            if self.agents[agent].desk(&self.house, &path, json!({})).await.is_done() {
                self.revoke(|sent| sent.visitor == visitor);
                return Ok(());
            }
        }
        Ok(())
    }

    async fn transfer(&mut self, visitor: usize, to: usize) -> Result<(), Failure> {
        let path = format!("/api/conversations/{}/transfer", self.visitors[visitor].conversation);
        let body = json!({ "agent": self.agents[to].id });
        if self.agents[1 - to].desk(&self.house, &path, body).await.is_done() {
            self.ledger.played.transferred += 1;
            self.revoke(|sent| sent.visitor == visitor && sent.agent != to);
        }
        Ok(())
    }

    async fn sign_out(&mut self, agent: usize) -> Result<(), Failure> {
        let reply = self.agents[agent].desk(&self.house, "/api/logout", json!({})).await;
        if reply.is_done() {
            self.agents[agent].signed_in = false;
            self.revoke(|sent| sent.agent == agent);
        }
        Ok(())
    }

    async fn sign_in(&mut self, agent: usize) -> Result<(), Failure> {
        let house = &self.house;
        let person = &mut self.agents[agent];
        let unlocked = person.desk(house, "/api/session/unlock", json!({ "password": crate::house::PASSWORD })).await;
        if unlocked.is_done() {
            return Ok(());
        }
        let session = person.browser.get(&house.desk.router, crate::house::DESK, "/api/session").await;
        if session.is_done() {
            person.enrol(house).await;
            return Ok(());
        }
        // Signed out by somebody or by time: what was sent in that session is gone for its sender.
        person.sign_in(house).await?;
        person.enrol(house).await;
        self.revoke(|sent| sent.agent == agent);
        Ok(())
    }

    fn revoke(&mut self, which: impl Fn(&Sent) -> bool) {
        for sent in self.ledger.sent.iter_mut().filter(|sent| which(sent)) {
            sent.revoked = true;
        }
    }

    async fn rotate(&mut self) -> Result<(), Failure> {
        let operator = &self.house.vault.operator;
        let mut browser = Browser::default();
        let rotated = browser.call(operator, VAULT, "/keys/rotate", json!({})).await;
        browser.call(operator, VAULT, "/keys/rewrap", json!({})).await;
        self.house.vault.vault.move_keys().await?;
        for site in rotated.json()["sites"].as_array().cloned().unwrap_or_default() {
            let former = site["version"].as_u64().unwrap_or(1).saturating_sub(1);
            let retire = json!({ "site": site["site"], "version": former });
            let retired = browser.call(operator, VAULT, "/keys/retire", retire).await;
            if !retired.is_done() {
                return Err(format!("a former key could not be retired: {}", retired.text).into());
            }
        }
        Ok(())
    }

    fn reopen(&self) -> Reopen {
        self.house.reopen
    }
}

/// Which of `length` things, if there are any.
fn some(index: &Index, length: usize) -> Option<usize> {
    (length > 0).then(|| index.index(length))
}
