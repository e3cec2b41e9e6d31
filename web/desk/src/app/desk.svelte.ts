/**
 * The workspace's one living state: who is signed in, what the feed has told, and the commands that the parts of the page
 * give. Rules about what news means stand in `state/`; this file only carries news and commands to and fro.
 */
import { getContext, setContext } from 'svelte';
import { api } from '../api/client.ts';
import type { Refusal } from '../../../parts/call.ts';
import { deskNow } from '../../../parts/clock.ts';
import type { ConversationSummary, Frame, Permission, Session } from '../api/types.ts';
import { emptyModel } from '../state/model.ts';
import { applyEntry, applyFrame, fadeTyping, type News } from '../state/reduce.ts';
import { newsInWords } from './announcements.ts';
import { Connection } from './connection.svelte.ts';
import { Enrolment } from './enrolment.svelte.ts';
import { Invitations } from './invitations.svelte.ts';
import { Locked } from './locked.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Outbox } from './outbox.svelte.ts';
import { Presence } from './presence.svelte.ts';
import { Reading } from './reading.svelte.ts';
import { refusalInWords } from './refusals.ts';
import { Route } from './route.svelte.ts';
import { t, visitorOf } from '../words.ts';

/** `signing-in`: the password was right and a step is left. `locked`: the page is empty, the session lives. */
export type Phase = 'loading' | 'unreachable' | 'welcome' | 'signed-out' | 'signing-in' | 'locked' | 'ready';

/** What lies over the workspace. */
export type Sheet = 'account' | 'vault-factor';

/** What stands in a message where the desk hid a card number. */
const HIDDEN = '••••';

/** Where the links of invitations and resets lead. */
const WELCOME = '/welcome';

export class Desk {
  phase = $state<Phase>('loading');
  session = $state<Session | null>(null);
  model = $state(emptyModel());
  drafts = $state<Record<string, string>>({});
  /** Commands under way, by name, so that a button can wait with its command. */
  busy = $state<Record<string, boolean>>({});
  /** Now by the desk's clock, once a second. */
  now = $state(deskNow());
  /** Why the person stands before the login again: `self`, or the desk's reason. */
  signedOutBy = $state<string | null>(null);
  sheet = $state<Sheet | null>(null);
  /** The password that was just typed, as long as the next step may be to change it. In memory only. */
  typed: string | null = null;
  /** The name that the login begins with. */
  expected = $state('');

  /** How many alerts the feed has told of: a part that shows them reloads when it grows. */
  alerts = $state(0);

  readonly notices = new Notices();
  readonly enrolment = new Enrolment();
  readonly route = new Route();
  readonly invitations = new Invitations(this);
  readonly presence = new Presence(this);
  readonly locked = new Locked(this);
  readonly reading = new Reading(this);
  readonly connection = new Connection({
    hear: (frame) => this.#hear(frame),
    opened: () => this.#connected(),
    lost: () => void this.#lost(),
  });
  readonly outbox = new Outbox((entry, text) => {
    applyEntry(this.model, entry);
    if (entry.text !== text && entry.text.includes(HIDDEN)) this.notices.good(t('card-number-hidden'));
  });

  readonly #typed = new Map<string, number>();

  /** Whether the signed-in person may do this. */
  may(permission: Permission): boolean {
    return this.session?.permissions.includes(permission) ?? false;
  }

  /** Starts the page; the returned function stops everything it started. */
  start(): () => void {
    const stopRoute = this.route.listen();
    const stopPresence = this.presence.start();
    const tick = setInterval(() => {
      this.now = deskNow();
      fadeTyping(this.model, this.now);
      this.presence.tick();
    }, 1_000);
    if (location.pathname === WELCOME) this.phase = 'welcome';
    else void this.resume();
    return () => {
      stopRoute();
      stopPresence();
      clearInterval(tick);
      this.locked.end();
      this.connection.end();
    };
  }

  /** Takes up the session that the cookie still stands for. */
  async resume(): Promise<void> {
    this.phase = 'loading';
    const answer = await api.session();
    if (answer.ok) this.accept(answer.value);
    else if (answer.refusal.kind === 'signed_out') this.phase = 'signed-out';
    else this.phase = 'unreachable';
  }

  async login(name: string, password: string, captcha?: string): Promise<Refusal | null> {
    const answer = await api.login(name, password, captcha);
    if (!answer.ok) return answer.refusal;
    // A password that has to be changed at once need not be typed again for that.
    this.typed = answer.value.stage === 'ready' ? null : password;
    this.accept(answer.value);
    return null;
  }

  /** Leaves the page of a link for the login. */
  toLogin(name: string): void {
    history.replaceState(null, '', '/');
    this.expected = name;
    this.phase = 'signed-out';
  }

  /** Goes where the session stands: a step of the sign-in, the lock, or the workspace. */
  accept(session: Session): void {
    const before = this.phase;
    this.session = session;
    this.signedOutBy = null;
    if (session.stage === 'ready' || session.stage === 'set_up_factor') this.typed = null;
    if (session.stage !== 'ready') {
      this.connection.end();
      this.#empty();
      this.phase = 'signing-in';
    } else if (session.locked) this.#hold(false);
    else {
      this.locked.end();
      if (before !== 'ready') this.#begin(session);
    }
  }

  /** Locks at once: the page is emptied first, and the desk told then. */
  lock(): Promise<void> {
    this.#hold(true);
    return Promise.resolve();
  }

  /** Ends the session at the desk first: the page is not emptied while the rights still live. */
  async logout(): Promise<void> {
    const answer = await this.command('logout', () => api.logout());
    if (answer.ok || answer.refusal.kind === 'signed_out') this.over('self');
    else this.notices.bad(t('logout-failed'), { label: t('try-again'), run: () => void this.logout() });
  }

  say(conversation: string, text: string): void {
    this.outbox.add(conversation, text, this.now);
    delete this.drafts[conversation];
  }

  /** Tells the visitor that somebody writes, at most every three seconds. */
  typing(conversation: string): void {
    const last = this.#typed.get(conversation) ?? 0;
    if (this.now - last < 3_000 || this.connection.offlineSince !== null) return;
    this.#typed.set(conversation, this.now);
    void api.typing(conversation);
  }

  async close(conversation: string): Promise<boolean> {
    const answer = await this.command(`close-${conversation}`, () => api.close(conversation));
    if (answer.ok) return true;
    if (!this.signedOut(answer.refusal)) this.notices.bad(refusalInWords(answer.refusal));
    return false;
  }

  /** Asks for the one-time key of a view. It goes straight on to the vault's frame. */
  view(invitation: string) {
    return api.view(invitation);
  }

  /** A fresh enrolment key, for a viewer in a window of its own. */
  async enrolmentKey(): Promise<string | null> {
    const answer = await api.session();
    return answer.ok ? answer.value.enrolment : null;
  }

  #begin(session: Session): void {
    this.model.vaultUp = session.vault_up;
    this.phase = 'ready';
    this.presence.begin(deskNow() - session.last_input_at);
    this.enrolment.start(session.vault_origin, session.enrolment, session.vault_up);
    this.connection.begin();
    // Where a network lets no live connection through, there is still something to read.
    this.reading.begin();
  }

  #connected(): void {
    // The feed repeats entries after its sequence, but not what it said about whole conversations.
    this.reading.begin();
    const { conversation } = this.route;
    if (conversation !== null) this.reading.again(conversation);
    this.outbox.retry();
  }

  /** A closed socket may be a closed or locked session: the desk knows. */
  async #lost(): Promise<void> {
    const answer = await api.session();
    if (!answer.ok) this.signedOut(answer.refusal);
    else if (this.phase === 'ready') this.accept(answer.value);
  }

  #hear(frame: Frame): void {
    switch (frame.type) {
      case 'locked':
        return this.#hold(false);
      case 'unlocked':
        return void this.locked.look();
      case 'rights':
        return this.#entitle(frame.permissions, frame.forms_on);
      case 'alert':
        this.alerts += 1;
        return;
      case 'ended':
        return this.over(frame.reason);
    }
    const news = applyFrame(this.model, frame, this.now);
    if (news.kind === 'entry' && news.entry.kind === 'message') this.outbox.arrived(news.entry.id);
    if (news.kind === 'vault' && news.up) void this.enrol();
    if (news.kind === 'conversation' && news.handed) this.#handed(news.conversation);
    this.#announce(news);
  }

  /** A conversation went to another agent: with it go rights to answers, and its cards have to say so. */
  #handed(conversation: ConversationSummary): void {
    this.reading.again(conversation.id);
    if (conversation.owner?.id !== this.session?.agent.id) return;
    this.notices.good(t('handed-to-you', { visitor: visitorOf(conversation) }), {
      label: t('event-show'),
      run: () => this.route.open(conversation.id),
    });
  }

  /** An admin changed what this person may do, or whether forms are on: it holds from now, on the open page too. */
  #entitle(permissions: Permission[], formsOn: boolean): void {
    if (this.session === null) return;
    this.session.permissions = permissions;
    this.session.forms_on = formsOn;
    if (!this.may('handle_conversations')) {
      this.model = emptyModel();
      this.reading.listLoaded = false;
    }
    this.reading.begin();
    this.notices.announce(t('announce-rights'));
  }

  /** Makes this browser the session's viewer where it is not yet: at login the vault may have been away. */
  async enrol(): Promise<void> {
    await this.enrolment.settled();
    if (this.enrolment.state === 'enrolled' || this.enrolment.state === 'blocked') return;
    const answer = await api.session();
    if (!answer.ok) return;
    const { vault_origin, enrolment, vault_up, vault_factor } = answer.value;
    if (this.session !== null) this.session.vault_factor = vault_factor;
    this.enrolment.start(vault_origin, enrolment, vault_up);
    await this.enrolment.settled();
  }

  #announce(news: News): void {
    const text = newsInWords(news, this.model, this.route.conversation);
    if (text !== null) this.notices.announce(text);
  }

  /** Runs a command under a name, so that what gave it can wait with it. */
  async command<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.busy[name] = true;
    try {
      return await run();
    } finally {
      delete this.busy[name];
    }
  }

  /** Whether a refusal means that the session is over, locked or not finished; then the page has changed already. */
  signedOut(refusal: Refusal): boolean {
    switch (refusal.kind) {
      case 'signed_out':
        if (this.session !== null) this.over(refusal.code ?? 'desk');
        return true;
      case 'locked':
        // With 429 it is the account that is locked, and the session lives.
        if (refusal.status !== 423) return false;
        if (this.phase === 'ready') this.#hold(false);
        return true;
      case 'unfinished':
        void this.resume();
        return true;
      default:
        return false;
    }
  }

  /** Takes everything off the page and keeps what only waits to go on: drafts, messages on their way, the address. */
  #hold(tell: boolean): void {
    this.connection.end();
    this.#empty();
    this.phase = 'locked';
    this.locked.begin(tell);
  }

  #empty(): void {
    this.model = emptyModel();
    this.reading.clear();
    this.connection.offlineSince = null;
    this.sheet = null;
    this.invitations.clear();
    this.notices.clear();
  }

  /** Empties the page: after the session nothing of it stays on the screen. */
  over(by: string): void {
    this.connection.end();
    this.locked.end();
    this.#empty();
    this.session = null;
    this.typed = null;
    this.drafts = {};
    this.alerts = 0;
    this.outbox.clear();
    this.enrolment.end();
    this.route.leave();
    this.signedOutBy = by;
    this.phase = 'signed-out';
  }
}

const KEY = Symbol('desk');

export function provideDesk(desk: Desk): void {
  setContext(KEY, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(KEY);
}
