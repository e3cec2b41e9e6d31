/**
 * Whether somebody is at this page. The desk hears of a hand on the machine now and then; without one the page warns, and
 * then locks. Pages of one browser tell each other, because they share the session.
 */
import { api } from '../api/client.ts';
import { Hand, idleness, INPUTS, reportEvery, type Input } from '../state/idle.ts';
import type { Desk } from './desk.svelte.ts';

const CHANNEL = 'aside-input';

export class Presence {
  /** Milliseconds until the page locks, once that is worth a warning. */
  left = $state<number | null>(null);
  readonly #desk: Desk;
  readonly #hand = new Hand();
  /** By this machine's clock. */
  #last = 0;
  #reported = 0;
  #channel: BroadcastChannel | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Watches until the returned function is called. */
  start(): () => void {
    const hear = (event: Event) => {
      if (this.#hand.did(event as Event & Input)) this.input();
    };
    for (const type of INPUTS) addEventListener(type, hear, { capture: true, passive: true });
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data === this.#desk.session?.session) this.#heard();
    };
    this.#channel = channel;
    return () => {
      for (const type of INPUTS) removeEventListener(type, hear, { capture: true });
      channel.close();
      this.#channel = null;
    };
  }

  /** A session begins or goes on: the desk counts from here. */
  begin(ago: number, now: number = Date.now()): void {
    this.#last = now - Math.max(0, ago);
    this.#reported = 0;
    this.left = null;
  }

  /** Somebody did something, here or in a frame of the vault. */
  input(now: number = Date.now()): void {
    const { session, phase } = this.#desk;
    const lockAfter = session?.rules.lock_after_minutes ?? null;
    if (session === null || phase !== 'ready' || lockAfter === null) return;
    if (now - this.#reported < reportEvery(lockAfter)) return;
    // What the desk has not heard of does not count here either: the page never believes itself open longer than the desk.
    this.#reported = now;
    this.#heard(now);
    this.#channel?.postMessage(session.session);
    void api.input().then((answer) => {
      if (!answer.ok) this.#desk.signedOut(answer.refusal);
    });
  }

  /** Once a second. */
  tick(now: number = Date.now()): void {
    const { session, phase } = this.#desk;
    if (session === null || phase !== 'ready') {
      this.left = null;
      return;
    }
    const state = idleness(this.#last, now, session.rules.lock_after_minutes);
    this.left = state.kind === 'warning' ? state.left : null;
    // The desk locks too. This page does not wait for it: it may be out of hearing.
    if (state.kind === 'over') void this.#desk.lock();
  }

  #heard(now: number = Date.now()): void {
    this.#last = now;
    this.left = null;
  }
}
