/** The log as it is read: pages that follow each other under one filter, and the state of both chains. */
import type { Refusal } from '../../../../parts/call.ts';
import { audit } from '../api.ts';
import type { AuditEntry, Chains } from '../types.ts';
import { everything, queryOf, type AuditFilter } from './query.ts';

const PAGE = 50;

export class AuditLog {
  filter = $state<AuditFilter>({ ...everything });
  entries = $state.raw<AuditEntry[] | null>(null);
  chains = $state.raw<Chains | null>(null);
  more = $state(false);
  failed = $state.raw<Refusal | null>(null);
  loading = $state(false);
  #asked = 0;
  readonly #over: (refusal: Refusal) => boolean;

  constructor(over: (refusal: Refusal) => boolean) {
    this.#over = over;
  }

  /** The newest page under the filter. */
  load(): Promise<void> {
    return this.#page(undefined);
  }

  /** The page before the oldest entry that is shown. */
  async older(): Promise<void> {
    const oldest = this.entries?.[this.entries.length - 1];
    if (oldest !== undefined) await this.#page(cursorOf(oldest));
  }

  async #page(before: string | undefined): Promise<void> {
    const number = ++this.#asked;
    this.loading = true;
    const answer = await audit.page(queryOf(this.filter, before, PAGE));
    if (number !== this.#asked) return;
    this.loading = false;
    if (answer.ok) {
      this.failed = null;
      this.chains = answer.value.chains;
      this.more = answer.value.more;
      this.entries = before === undefined ? answer.value.entries : [...(this.entries ?? []), ...answer.value.entries];
    } else if (!this.#over(answer.refusal)) this.failed = answer.refusal;
  }
}

function cursorOf(entry: AuditEntry): string {
  return String(entry.at);
}
