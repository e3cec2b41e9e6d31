// The visitor's own messages on their way: sent one after the other, again under the same id after a lost reply,
// so that the desk stores each once. What the desk refuses for good waits for the person.
import { Refusal } from '../parts/call.ts';
import { uuid } from '../parts/identity.ts';
import type { MessageEntry } from '../api/types.ts';
import type { Pending } from './stream.ts';

export interface OutboxOptions {
  send: (id: string, text: string) => Promise<MessageEntry>;
  /** The session is gone: makes a new one. Rejects when that fails too. */
  renew: () => Promise<void>;
  /** The desk has it. */
  sent: (entry: MessageEntry) => void;
  /** What waits has changed. */
  change: (pending: readonly Pending[]) => void;
}

/** Milliseconds between tries that fail by themselves. */
const SHORTEST = 2_000;
const LONGEST = 30_000;

export class Outbox {
  readonly #options: OutboxOptions;
  #pending: Pending[] = [];
  #busy = false;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  add(text: string, now: number = Date.now()): void {
    this.#set([...this.#pending, { id: uuid(now), text, at: now, state: 'sending' }]);
    void this.#pump();
  }

  /** The person, or a connection that came back, asks for another try. */
  again(id?: string): void {
    this.#set(this.#pending.map((one) => ((id === undefined ? one.state === 'waiting' : one.id === id) ? { ...one, state: 'sending' } : one)));
    void this.#pump();
  }

  /** The feed brought this message: its reply was lost, but it is there. */
  arrived(id: string): void {
    if (this.#pending.some((one) => one.id === id)) this.#set(this.#pending.filter((one) => one.id !== id));
  }

  #set(pending: Pending[]): void {
    this.#pending = pending;
    this.#options.change(pending);
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    clearTimeout(this.#retry);
    this.#busy = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        if (!(await this.#send(next))) return;
      }
    } finally {
      this.#busy = false;
    }
  }

  #next(): Pending | undefined {
    return this.#pending.find((one) => one.state === 'sending');
  }

  /** Whether the next one may go. */
  async #send(message: Pending): Promise<boolean> {
    try {
      const entry = await this.#options.send(message.id, message.text).catch(async (error: unknown) => {
        if (!(error instanceof Refusal) || error.kind !== 'signed_out') throw error;
        await this.#options.renew();
        return this.#options.send(message.id, message.text);
      });
      this.#failures = 0;
      this.#options.sent(entry);
      this.arrived(message.id);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.passing) {
        // Order matters in a conversation: all of them wait behind the first.
        this.#set(this.#pending.map((one) => (one.state === 'sending' ? { ...one, state: 'waiting' } : one)));
        const wait = error.wait === null ? Math.min(LONGEST, SHORTEST * 2 ** Math.min(this.#failures, 6)) : error.wait * 1000;
        this.#failures += 1;
        this.#retry = setTimeout(() => this.again(), wait);
        return false;
      }
      this.#set(this.#pending.map((one) => (one.id === message.id ? { ...one, state: 'refused' } : one)));
      return true;
    }
  }
}
