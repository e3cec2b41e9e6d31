/** Conversations that are over, as they are looked through: pages that follow each other under one filter. */
import type { Refusal } from '../../../parts/call.ts';
import { dayBegin, dayEnd } from '../state/days.ts';
import { history, type Past } from './api.ts';

export interface PastFilter {
  text: string;
  /** An agent's id, or everybody. */
  agent: string;
  /** Days as `<input type="date">` writes them, or empty. */
  from: string;
  to: string;
}

export const everything: PastFilter = { text: '', agent: '', from: '', to: '' };

const PAGE = 30;

/** The filter as a query: a day is meant whole, and the desk's `to` is the first moment after it. */
export function queryOf(filter: PastFilter, before: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  const end = dayEnd(filter.to);
  const said: [string, string | number | null | undefined][] = [
    ['text', filter.text.trim()],
    ['agent', filter.agent],
    ['from', dayBegin(filter.from)],
    ['to', end === undefined ? undefined : end + 1],
    ['before', before],
  ];
  for (const [name, value] of said) if (value) query.set(name, String(value));
  return query.toString();
}

export function isFiltered(filter: PastFilter): boolean {
  return queryOf(filter, null) !== queryOf(everything, null);
}

export class PastList {
  filter = $state<PastFilter>({ ...everything });
  rows = $state.raw<Past[] | null>(null);
  failed = $state.raw<Refusal | null>(null);
  loading = $state(false);
  next = $state.raw<string | null>(null);
  #asked = 0;
  readonly #over: (refusal: Refusal) => boolean;

  /** `over` hears every refusal first, and says whether the page has dealt with it. */
  constructor(over: (refusal: Refusal) => boolean) {
    this.#over = over;
  }

  /** Those closed last, under the filter. */
  load(): Promise<void> {
    return this.#ask(null);
  }

  /** Those closed before the last one that is shown. */
  async older(): Promise<void> {
    if (this.next !== null && !this.loading) await this.#ask(this.next);
  }

  async #ask(before: string | null): Promise<void> {
    const number = ++this.#asked;
    this.loading = true;
    const answer = await history.page(queryOf(this.filter, before));
    // An answer to an older question says nothing about now.
    if (number !== this.#asked) return;
    this.loading = false;
    if (answer.ok) {
      const { conversations, next } = answer.value;
      this.rows = before === null ? conversations : [...(this.rows ?? []), ...conversations];
      this.next = next;
      this.failed = null;
    } else if (!this.#over(answer.refusal)) this.failed = answer.refusal;
  }
}
