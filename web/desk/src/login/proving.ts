/**
 * A try at a password, with the proof of work that the desk asks for after wrong ones. The proof is made ahead where it is
 * known that the next try wants one, so that mostly nobody waits for it.
 */
import type { Refusal } from '../../../parts/call.ts';

export class Proving {
  #proof: Promise<string | null> | null = null;
  #running: AbortController | null = null;
  readonly #waits: (waits: boolean) => void;

  /** @param waits hears whether a try waits for its proof */
  constructor(waits: (waits: boolean) => void) {
    this.#waits = waits;
  }

  /** One try: answers with its refusal, or null. A proof that is asked for only now is made, and sent once. */
  async try(send: (captcha?: string) => Promise<Refusal | null>): Promise<Refusal | null> {
    for (let again = true; ; again = false) {
      const proof = await this.#take();
      const refusal = await send(proof ?? undefined);
      // The next try wants a proof: it is made from now on, while the person writes anew.
      if (refusal?.kind === 'login_failed' && refusal.document['captcha'] === true) this.#begin();
      if (refusal?.kind !== 'captcha' || !again) return refusal;
      this.#begin();
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  async #take(): Promise<string | null> {
    if (this.#proof === null) return null;
    this.#waits(true);
    const proof = await this.#proof;
    this.#proof = null;
    this.#waits(false);
    return proof;
  }

  #begin(): void {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.#proof = import('./captcha.ts').then(({ prove }) => prove(running.signal)).catch(() => null);
  }
}
