/**
 * Short messages over the page, and what a screen reader is told in passing. A notice that needs an answer stays
 * until it has one; the others go by themselves, but never while the pointer or the focus is on them.
 */
import { untrack } from 'svelte';

export interface Notice {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  /** What can be done about it. */
  action: { label: string; run: () => void } | null;
}

const STAY_MS = 6_000;
const STAY_WITH_ACTION_MS = 10_000;

export class Notices {
  shown = $state<Notice[]>([]);
  /** The newest announcement. The number makes two equal ones differ. */
  announced = $state<{ text: string; number: number }>({ text: '', number: 0 });
  #next = 1;
  #held = false;

  /** With an action (an undo, say) it stays a little longer. */
  good(text: string, action: Notice['action'] = null): void {
    const notice = this.#add({ tone: 'good', text, action });
    this.#expire(notice, action === null ? STAY_MS : STAY_WITH_ACTION_MS);
  }

  bad(text: string, action: Notice['action'] = null): void {
    // The same trouble twice is one notice, the newest.
    this.shown = this.shown.filter((notice) => notice.text !== text);
    this.#add({ tone: 'bad', text, action });
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((notice) => notice.id !== id);
    if (this.shown.length === 0) this.#held = false;
  }

  /** Leaves nothing of what was said: it may name people. */
  clear(): void {
    this.shown = [];
    this.announced = { text: '', number: 0 };
  }

  /** Someone is reading or about to press: nothing leaves under their hand. */
  hold(held: boolean): void {
    this.#held = held;
  }

  announce(text: string): void {
    // Whoever announces out of an effect must not depend on what was announced before.
    this.announced = { text, number: untrack(() => this.announced.number) + 1 };
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = this.#next++;
    this.shown = [...this.shown.slice(-2), { id, ...notice }];
    return id;
  }

  #expire(id: number, after: number): void {
    setTimeout(() => {
      if (this.#held) this.#expire(id, after);
      else this.dismiss(id);
    }, after);
  }
}
