/** Something that the desk is asked for: not there yet, there, or why not. What is shown stays while it is asked for anew. */
import type { Refusal } from '../../../parts/call.ts';
import type { Answer } from '../api/client.ts';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  failed = $state.raw<Refusal | null>(null);
  #asked = 0;
  readonly #ask: () => Promise<Answer<T>>;
  readonly #over: (refusal: Refusal) => boolean;

  /** `over` hears every refusal first, and says whether the page has dealt with it. */
  constructor(ask: () => Promise<Answer<T>>, over: (refusal: Refusal) => boolean) {
    this.#ask = ask;
    this.#over = over;
  }

  async load(): Promise<void> {
    const number = ++this.#asked;
    const answer = await this.#ask();
    // An answer to an older question says nothing about now.
    if (number !== this.#asked) return;
    if (answer.ok) {
      this.value = answer.value;
      this.failed = null;
    } else if (!this.#over(answer.refusal)) this.failed = answer.refusal;
  }

  /** Takes what a command answered with. */
  set(value: T): void {
    this.#asked += 1;
    this.value = value;
    this.failed = null;
  }
}
