/**
 * The session while it is locked: nothing of it is on the page, the desk is asked now and then whether it is over, and the
 * way back is the password with a code, or a passkey.
 */
import { api } from '../api/client.ts';
import type { Desk } from './desk.svelte.ts';

const LOOK_EVERY_MS = 10_000;

export class Locked {
  readonly #desk: Desk;
  #timer: ReturnType<typeof setInterval> | null = null;
  /** This page locked itself, and the desk does not know yet. */
  #toTell = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** @param tell whether the desk still has to hear of it */
  begin(tell: boolean): void {
    this.#toTell ||= tell;
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    addEventListener('focus', this.#onfocus);
    void this.look();
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#toTell = false;
    removeEventListener('focus', this.#onfocus);
  }

  readonly #onfocus = (): void => void this.look();

  /** Asks the desk how the session stands. */
  async look(): Promise<void> {
    if (this.#toTell) {
      const told = await api.lock();
      if (told.ok) this.#toTell = false;
      // Locked already, or over: the next question says which. Out of hearing: the page stays as it is.
      else if (told.refusal.passing) return;
    }
    const answer = await api.session();
    if (this.#timer === null) return;
    if (answer.ok) {
      if (answer.value.locked) this.#toTell = false;
      if (!this.#toTell) this.#desk.accept(answer.value);
    } else if (answer.refusal.kind === 'signed_out') this.#desk.over(answer.refusal.code ?? 'idle');
  }
}
