/** The log as it is read: pages that follow each other under one filter, and the state of both chains. */
import type { Refusal } from '../../../../parts/call.ts';
import { audit } from '../api.ts';
import type { AuditEntry, Chains } from '../types.ts';
import { everything, queryOf, type AuditFilter } from './query.ts';

const PAGE = 50;

/** The desk looks at so many entries a call: what is rare takes several. So many calls are made before a person is asked. */
const CALLS = 20;

export class AuditLog {
  filter = $state<AuditFilter>({ ...everything });
  entries = $state.raw<AuditEntry[] | null>(null);
  chains = $state.raw<Chains | null>(null);
  failed = $state.raw<Refusal | null>(null);
  loading = $state(false);
  #next = $state.raw<string | null>(null);
  #asked = 0;
  readonly #over: (refusal: Refusal) => boolean;

  constructor(over: (refusal: Refusal) => boolean) {
    this.#over = over;
  }

  /** Whether there are entries before the last one that is shown. */
  get more(): boolean {
    return this.#next !== null;
  }

  /** The newest entries under the filter. */
  load(): Promise<void> {
    return this.#gather(null, []);
  }

  /** What came before the oldest entry that is shown. */
  async older(): Promise<void> {
    if (this.#next !== null) await this.#gather(this.#next, this.entries ?? []);
  }

  async #gather(before: string | null, shown: AuditEntry[]): Promise<void> {
    const number = ++this.#asked;
    this.loading = true;
    let next = before;
    for (let call = 0; call < CALLS; call += 1) {
      const answer = await audit.page(queryOf(this.filter, next ?? undefined, PAGE));
      if (number !== this.#asked) return;
      if (!answer.ok) {
        if (!this.#over(answer.refusal)) this.failed = answer.refusal;
        break;
      }
      const { entries, chains } = answer.value;
      next = answer.value.next;
      this.failed = null;
      this.chains = chains;
      this.entries = [...shown, ...entries];
      this.#next = next;
      if (entries.length > 0 || next === null) break;
    }
    this.loading = false;
  }
}
