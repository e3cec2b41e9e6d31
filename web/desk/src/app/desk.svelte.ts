/**
 * The workspace's one living state: who is signed in, what the feed has told, and the commands that the parts of the page
 * give. Rules about what news means stand in `state/`; this file only carries news and commands to and fro.
 */
import { getContext, setContext } from 'svelte';
import { api } from '../api/client.ts';
import type { Refusal } from '../../../parts/call.ts';
import { deskNow } from '../../../parts/clock.ts';
import type { Frame, Permission, Session } from '../api/types.ts';
import { emptyModel } from '../state/model.ts';
import {
  applyEntry,
  applyFrame,
  applyList,
  applyPage,
  fadeTyping,
  markRead,
  type News,
} from '../state/reduce.ts';
import { newsInWords } from './announcements.ts';
import { Enrolment } from './enrolment.svelte.ts';
import { Invitations } from './invitations.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Outbox } from './outbox.svelte.ts';
import { refusalInWords } from './refusals.ts';
import { Route } from './route.svelte.ts';
import { Feed, feedAddress } from '../../../parts/feed.ts';
import { t } from '../words.ts';

export type Phase = 'loading' | 'unreachable' | 'signed-out' | 'ready';

/** How long the connection may be away before the page speaks of it: short gaps heal unseen. */
const QUIET_GAP_MS = 1_500;

export class Desk {
  phase = $state<Phase>('loading');
  session = $state<Session | null>(null);
  model = $state(emptyModel());
  /** Since when there is no connection, or null while there is one. */
  offlineSince = $state<number | null>(null);
  listLoaded = $state(false);
  formsLoaded = $state(false);
  /** Conversations whose transcript could not be loaded. */
  broken = $state<Record<string, boolean>>({});
  drafts = $state<Record<string, string>>({});
  /** Commands under way, by name, so that a button can wait with its command. */
  busy = $state<Record<string, boolean>>({});
  /** Now by the desk's clock, once a second. */
  now = $state(deskNow());
  /** Why the agent stands before the login again. */
  signedOutBy = $state<'self' | 'desk' | null>(null);

  /** How many alerts the feed has told of: a part that shows them reloads when it grows. */
  alerts = $state(0);

  readonly notices = new Notices();
  readonly enrolment = new Enrolment();
  readonly route = new Route();
  readonly invitations = new Invitations(this);
  readonly outbox = new Outbox((entry) => applyEntry(this.model, entry));

  #feed: Feed<Frame> | null = null;
  #gap: ReturnType<typeof setTimeout> | null = null;
  readonly #read = new Map<string, number>();
  readonly #typed = new Map<string, number>();

  /** Whether the signed-in person may do this. */
  may(permission: Permission): boolean {
    return this.session?.permissions.includes(permission) ?? false;
  }

  /** Starts the page; the returned function stops everything it started. */
  start(): () => void {
    const stopRoute = this.route.listen();
    const tick = setInterval(() => {
      this.now = deskNow();
      fadeTyping(this.model, this.now);
    }, 1_000);
    void this.resume();
    return () => {
      stopRoute();
      clearInterval(tick);
      this.#disconnect();
    };
  }

  /** Takes up the session that the cookie still stands for. */
  async resume(): Promise<void> {
    this.phase = 'loading';
    const answer = await api.session();
    if (answer.ok) this.#begin(answer.value);
    else if (answer.refusal.status === 401) this.phase = 'signed-out';
    else this.phase = 'unreachable';
  }

  async login(name: string, password: string): Promise<Refusal | null> {
    const answer = await api.login(name, password);
    if (!answer.ok) return answer.refusal;
    this.signedOutBy = null;
    this.#begin(answer.value);
    return null;
  }

  /** Ends the session at the desk first: the page is not emptied while the rights still live. */
  async logout(): Promise<void> {
    const answer = await this.command('logout', () => api.logout());
    if (answer.ok || answer.refusal.status === 401) this.#end('self');
    else this.notices.bad(t('logout-failed'), { label: t('try-again'), run: () => void this.logout() });
  }

  async loadList(): Promise<void> {
    const answer = await api.conversations();
    if (answer.ok) {
      applyList(this.model, answer.value);
      this.listLoaded = true;
    } else this.signedOut(answer.refusal);
  }

  async loadForms(): Promise<void> {
    const answer = await api.forms();
    if (answer.ok) {
      this.model.forms = answer.value;
      this.formsLoaded = true;
    } else this.signedOut(answer.refusal);
  }

  async loadTranscript(conversation: string): Promise<void> {
    delete this.broken[conversation];
    const answer = await api.transcript(conversation);
    if (answer.ok) applyPage(this.model, answer.value);
    else if (!this.signedOut(answer.refusal)) {
      if (answer.refusal.status === 404) this.route.leave();
      else this.broken[conversation] = true;
    }
  }

  async loadOlder(conversation: string): Promise<void> {
    const first = this.model.transcripts[conversation]?.entries[0];
    if (first === undefined) return;
    const answer = await this.command(`older-${conversation}`, () =>
      api.transcript(conversation, first.sequence),
    );
    if (answer.ok) applyPage(this.model, answer.value);
    else if (!this.signedOut(answer.refusal)) this.notices.bad(t('older-failed'));
  }

  say(conversation: string, text: string): void {
    this.outbox.add(conversation, text, this.now);
    delete this.drafts[conversation];
  }

  /** Tells the visitor that somebody writes, at most every three seconds. */
  typing(conversation: string): void {
    const last = this.#typed.get(conversation) ?? 0;
    if (this.now - last < 3_000 || this.offlineSince !== null) return;
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

  /** The agent has the newest of a conversation before their eyes. */
  seen(conversation: string): void {
    const entries = this.model.transcripts[conversation]?.entries;
    const newest = entries?.[entries.length - 1]?.sequence;
    const summary = this.model.conversations[conversation];
    if (newest === undefined || summary === undefined || summary.unread === 0) return;
    if ((this.#read.get(conversation) ?? -1) >= newest) return;
    this.#read.set(conversation, newest);
    markRead(this.model, conversation);
    void api.read(conversation, newest);
  }

  /** Tries the connection now, instead of at the next planned time. */
  reconnect(): void {
    this.#feed?.hurry();
  }

  #begin(session: Session): void {
    this.session = session;
    this.model.vaultUp = session.vault_up;
    this.phase = 'ready';
    this.enrolment.start(session.vault_origin, session.enrolment, session.vault_up);
    this.#disconnect();
    this.#feed = new Feed<Frame>({
      // From now on at first: what was before comes with the list and the transcripts.
      address: (after) => feedAddress(after === 0 ? '/api/feed' : `/api/feed?after=${after}`),
      after: 0,
      receive: (frame) => this.#hear(frame),
      change: (state) => (state === 'open' ? this.#connected() : this.#lost()),
    });
    this.#feed.start();
    // Where a network lets no live connection through, there is still something to read.
    void this.loadList();
    void this.loadForms();
  }

  #connected(): void {
    if (this.#gap !== null) clearTimeout(this.#gap);
    this.#gap = null;
    this.offlineSince = null;
    // The feed repeats entries after its sequence, but not what it said about whole conversations.
    void this.loadList();
    const { conversation } = this.route;
    if (conversation !== null && this.model.transcripts[conversation] !== undefined) void this.loadTranscript(conversation);
    this.outbox.retry();
    if (!this.formsLoaded) void this.loadForms();
  }

  #lost(): void {
    if (this.#gap !== null || this.offlineSince !== null) return;
    const since = deskNow();
    this.#gap = setTimeout(() => {
      this.#gap = null;
      this.offlineSince = since;
      // A closed socket may be a closed session: the desk knows.
      void api.session().then((answer) => {
        if (!answer.ok) this.signedOut(answer.refusal);
      });
    }, QUIET_GAP_MS);
  }

  #hear(frame: Frame): void {
    const news = applyFrame(this.model, frame, this.now);
    if (news.kind === 'entry' && news.entry.kind === 'message') this.outbox.arrived(news.entry.id);
    if (news.kind === 'ended') this.#end('desk');
    else {
      if (news.kind === 'vault' && news.up) void this.enrol();
      this.#announce(news);
    }
  }

  /** Makes this browser the session's viewer where it is not yet: at login the vault may have been away. */
  async enrol(): Promise<void> {
    await this.enrolment.settled();
    if (this.enrolment.state === 'enrolled' || this.enrolment.state === 'blocked') return;
    const answer = await api.session();
    if (!answer.ok) return;
    const { vault_origin, enrolment, vault_up } = answer.value;
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

  /** Whether a refusal means that the session is over; then the page is emptied. */
  signedOut(refusal: Refusal): boolean {
    if (refusal.status !== 401) return false;
    if (this.phase === 'ready') this.#end('desk');
    return true;
  }

  /** Empties the page: after the session nothing of it stays on the screen. */
  #end(by: 'self' | 'desk'): void {
    this.#disconnect();
    this.session = null;
    this.model = emptyModel();
    this.listLoaded = false;
    this.formsLoaded = false;
    this.drafts = {};
    this.broken = {};
    this.offlineSince = null;
    this.invitations.clear();
    this.outbox.clear();
    this.notices.clear();
    this.enrolment.end();
    this.#read.clear();
    this.route.leave();
    this.signedOutBy = by;
    this.phase = 'signed-out';
  }

  #disconnect(): void {
    if (this.#gap !== null) clearTimeout(this.#gap);
    this.#gap = null;
    this.#feed?.stop();
    this.#feed = null;
  }
}

const KEY = Symbol('desk');

export function provideDesk(desk: Desk): void {
  setContext(KEY, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(KEY);
}
