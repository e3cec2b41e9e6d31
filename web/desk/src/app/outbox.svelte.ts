/**
 * Messages on their way to the desk. Each keeps its id until the desk has it, so that sending twice stores once. They go
 * one after the other in each conversation: a lost connection never changes their order. Kept in this page's memory only:
 * what an agent writes does not belong on the machine's disk.
 */
import type { MessageEntry } from '../api/types.ts';
import { api } from '../api/client.ts';
import type { Outgoing } from '../state/model.ts';
import { uuid } from '../../../parts/identity.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export class Outbox {
  messages = $state<Outgoing[]>([]);
  readonly #arrived: (entry: MessageEntry, text: string) => void;
  readonly #sending = new Set<string>();
  readonly #waits = new Map<string, number>();

  /** @param arrived hears of each message that the desk has now, and what was written */
  constructor(arrived: (entry: MessageEntry, text: string) => void) {
    this.#arrived = arrived;
  }

  of(conversation: string): Outgoing[] {
    return this.messages.filter((message) => message.conversation === conversation);
  }

  add(conversation: string, text: string, at: number): void {
    this.messages.push({ id: uuid(), conversation, text, at, state: 'sending' });
    void this.#send(conversation);
  }

  /** Tries everything that waits, at once: the connection is back, or somebody pressed *Try again*. */
  retry(): void {
    this.#waits.clear();
    for (const message of this.messages) {
      if (message.state === 'waiting') message.state = 'sending';
    }
    for (const conversation of new Set(this.messages.map((message) => message.conversation))) {
      void this.#send(conversation);
    }
  }

  /** The agent takes back a message that the desk refused. */
  discard(id: string): Outgoing | undefined {
    const message = this.messages.find((one) => one.id === id);
    this.messages = this.messages.filter((one) => one.id !== id);
    return message;
  }

  /** The feed may bring a message before its own reply does. */
  arrived(id: string): void {
    if (this.messages.some((message) => message.id === id)) this.discard(id);
  }

  clear(): void {
    this.messages = [];
    this.#waits.clear();
  }

  async #send(conversation: string): Promise<void> {
    if (this.#sending.has(conversation)) return;
    this.#sending.add(conversation);
    try {
      for (;;) {
        const message = this.messages.find(
          (one) => one.conversation === conversation && one.state !== 'refused',
        );
        if (message === undefined) return;
        message.state = 'sending';
        const answer = await api.say(conversation, message.id, message.text);
        if (answer.ok) {
          this.#waits.delete(conversation);
          this.#arrived(answer.value, message.text);
          this.discard(message.id);
        } else if (answer.refusal.kind === 'signed_out') {
          return;
        } else if (answer.refusal.kind === 'locked' || answer.refusal.kind === 'unfinished') {
          // It goes out when the session is open again.
          this.#change(message.id, 'waiting');
          return;
        } else if (!answer.refusal.passing && answer.refusal.status < 500) {
          this.#change(message.id, 'refused');
        } else {
          this.#change(message.id, 'waiting');
          this.#later(conversation, answer.refusal.wait);
          return;
        }
      }
    } finally {
      this.#sending.delete(conversation);
    }
  }

  #change(id: string, state: Outgoing['state']): void {
    const message = this.messages.find((one) => one.id === id);
    if (message !== undefined) message.state = state;
  }

  #later(conversation: string, retryAfter: number | null): void {
    const wait = this.#waits.get(conversation) ?? FIRST_WAIT_MS;
    this.#waits.set(conversation, Math.min(wait * 2, LONGEST_WAIT_MS));
    setTimeout(() => void this.#send(conversation), Math.max(wait, (retryAfter ?? 0) * 1_000));
  }
}
