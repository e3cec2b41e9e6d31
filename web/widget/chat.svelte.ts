// The visitor's conversation as this page knows it: entries, what is on its way, how the connection stands.
// It must never hold an answer of a form: forms live in the vault's frame, out of this page's reach.
import * as desk from '../api/visitor.ts';
import type { Entry, SharedFrame } from '../api/types.ts';
import { Refusal } from '../parts/call.ts';
import { Feed, feedAddress, type FeedState } from '../parts/feed.ts';
import { invitations } from './invitation.ts';
import { Outbox } from './outbox.ts';
import { merge, rows, type Pending } from './stream.ts';

/** How long, in milliseconds, "Dana is typing" stands without another sign. */
const TYPING = 6_000;
/** How often, in milliseconds, the desk hears that the visitor types. */
const TYPING_EVERY = 4_000;

export class Chat {
  readonly #site: string;
  readonly #outbox: Outbox;
  #feed: Feed<SharedFrame> | null = null;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #typingSaid = 0;
  readonly #acknowledged = new Set<string>();
  #visitor: string | null = null;

  /** starting: nothing is known yet; absent: the desk does not know this site. */
  stage = $state<'starting' | 'ready' | 'absent'>('starting');
  brand = $state('');
  vault = $state('');
  entries = $state.raw<readonly Entry[]>([]);
  pending = $state.raw<readonly Pending[]>([]);
  link = $state<FeedState>('connecting');
  /** Until a connection fails, and again once one holds. */
  online = $state(true);
  typing = $state(false);
  /** Whether somebody is there to answer; null where the desk does not say. */
  present = $state<boolean | null>(null);
  /** Of the last visit's answer; later entries know better. */
  #agent = $state<string | null>(null);

  readonly rows = $derived(rows(this.entries, this.pending));
  readonly invitations = $derived(invitations(this.entries));
  /** The first name of who answers; null before anybody has, and after a close. */
  readonly agent = $derived(this.#lastAgent() ?? this.#agent);

  constructor(site: string) {
    this.#site = site;
    this.#outbox = new Outbox({
      send: desk.say,
      renew: async () => void (await desk.visit(site)),
      sent: (entry) => this.#take([entry]),
      change: (pending) => (this.pending = pending),
    });
  }

  /** Begins, and goes on trying until the desk answers. */
  async start(): Promise<void> {
    for (let failures = 0; this.stage === 'starting'; failures += 1) {
      try {
        await this.#enter();
        this.stage = 'ready';
      } catch (error) {
        if (error instanceof Refusal && !error.passing && error.kind !== 'failed') {
          this.stage = 'absent';
          return;
        }
        this.#linked(navigator.onLine ? 'waiting' : 'offline');
        await pause(Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random() / 2));
      }
    }
  }

  say(text: string): void {
    this.#typingSaid = 0;
    this.#outbox.add(text);
  }

  again(id: string): void {
    this.#outbox.again(id);
  }

  /** The visitor types. Said to the desk now and then; lost where there is no connection. */
  typed(now: number = Date.now()): void {
    if (this.link !== 'open' || now - this.#typingSaid < TYPING_EVERY || this.entries.length === 0) return;
    this.#typingSaid = now;
    desk.typing().catch(() => undefined);
  }

  /** Tells the desk that the invitations on the screen have arrived (`received`). */
  acknowledge(): void {
    for (const [id, known] of this.invitations) {
      // One that is issued anew is *sent* once more, and received once more.
      const arrival = `${id} ${known.since}`;
      if (known.status !== 'sent' || this.#acknowledged.has(arrival)) continue;
      this.#acknowledged.add(arrival);
      desk.received(id).catch((error: unknown) => {
        // Lost on the way: the next look says it again.
        if (error instanceof Refusal && error.passing) this.#acknowledged.delete(arrival);
      });
    }
  }

  /** Tries the connection now: the page came to the front, or the person asked. */
  hurry(): void {
    this.#feed?.hurry();
  }

  /** Makes or finds the visitor, reads the conversation, and listens from there. */
  async #enter(): Promise<void> {
    const visit = await desk.visit(this.#site);
    this.brand = visit.brand;
    // Whoever this browser was is known no more: what was said belongs to nobody here.
    if (this.#visitor !== null && this.#visitor !== visit.visitor) this.entries = [];
    this.#visitor = visit.visitor;
    this.vault = new URL(visit.vault_origin).origin;
    this.#agent = visit.agent?.display_name ?? null;
    // The newest conversation, also where it is closed: what was said stays readable.
    this.#take((await desk.conversation()).entries);
    this.#feed?.stop();
    this.#feed = new Feed<SharedFrame>({
      address: (after) => feedAddress(`/api/feed?after=${after}`),
      after: visit.sequence,
      receive: (frame) => this.#hear(frame),
      change: (state) => this.#linked(state),
    });
    this.#feed.start();
  }

  #linked(state: FeedState): void {
    this.link = state;
    if (state === 'waiting' || state === 'offline') this.online = false;
    if (state === 'open') {
      this.online = true;
      this.#outbox.again();
      this.acknowledge();
    } else {
      this.typing = false;
    }
    // The session ran out: a new visit finds the same visitor by the cookie, or begins anew.
    if (state === 'ended') {
      this.stage = 'starting';
      void this.start();
    }
  }

  #hear(frame: SharedFrame): void {
    switch (frame.type) {
      case 'entry':
        this.#take([frame.entry]);
        break;
      case 'typing':
        if (frame.from !== 'agent') break;
        this.typing = true;
        clearTimeout(this.#typingEnds);
        this.#typingEnds = setTimeout(() => (this.typing = false), TYPING);
        break;
      case 'presence':
        this.present = frame.online;
        break;
      case 'ended':
      case 'vault':
        break;
    }
  }

  #take(more: readonly Entry[]): void {
    this.entries = merge(this.entries, more);
    for (const entry of more) {
      if (entry.kind === 'message') this.#outbox.arrived(entry.id);
      if (entry.kind !== 'status' && !(entry.kind === 'message' && entry.from === 'visitor')) this.typing = false;
      if (entry.kind === 'closed') this.#agent = null;
    }
  }

  #lastAgent(): string | null {
    for (let at = this.entries.length - 1; at >= 0; at -= 1) {
      const entry = this.entries[at];
      if (entry?.kind === 'closed') return null;
      if (entry?.kind === 'invitation') return entry.invitation.agent.display_name;
      if (entry?.kind === 'transferred') return entry.to.display_name;
      if (entry?.kind === 'joined' && entry.author) return entry.author.display_name;
      if (entry?.kind === 'message' && entry.from === 'agent' && entry.author) return entry.author.display_name;
    }
    return null;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    }
    addEventListener('online', done);
  });
}
