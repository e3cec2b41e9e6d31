/**
 * When a page without input locks (A4). The desk decides; these rules say what the page shows before, and what it does by
 * itself when the desk cannot be heard.
 */

/** An input event, as far as it is looked at. */
export interface Input {
  type: string;
  /** Made by the browser out of a person's doing, and not by a script. */
  isTrusted: boolean;
  screenX?: number;
  screenY?: number;
}

/** The events that count: a hand on the machine. What the feed brings never does. */
export const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel', 'click'] as const;

const MINUTE = 60_000;
const WARNING_MS = MINUTE;
const REPORT_MS = 15_000;

/** Tells a hand from a page that moves under a pointer at rest: a browser says `pointermove` for both. */
export class Hand {
  #x: number | undefined;
  #y: number | undefined;

  /** Whether a person did this. */
  did(input: Input): boolean {
    if (!input.isTrusted) return false;
    if (input.type !== 'pointermove') return true;
    const moved = this.#x !== undefined && (input.screenX !== this.#x || input.screenY !== this.#y);
    this.#x = input.screenX;
    this.#y = input.screenY;
    return moved;
  }
}

/** How often the desk hears of input, in milliseconds: often enough for the shortest lock, seldom enough for the wire. */
export function reportEvery(lockAfterMinutes: number): number {
  return Math.min(REPORT_MS, (lockAfterMinutes * MINUTE) / 12);
}

export type Idleness =
  | { kind: 'active' }
  /** The page locks in so many milliseconds, unless somebody moves. */
  | { kind: 'warning'; left: number }
  | { kind: 'over' };

/** How idle a page is whose input the desk last heard of at `last`. Null minutes never lock. */
export function idleness(last: number, now: number, lockAfterMinutes: number | null): Idleness {
  if (lockAfterMinutes === null) return { kind: 'active' };
  const after = lockAfterMinutes * MINUTE;
  const left = last + after - now;
  if (left <= 0) return { kind: 'over' };
  return left <= Math.min(WARNING_MS, after / 2) ? { kind: 'warning', left } : { kind: 'active' };
}

/** "0:45": whole seconds, rounded up, so that it ends at nought. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Whether a countdown is said aloud at this second: at whole minutes, then half a minute and ten seconds before the end. */
export function isSaid(milliseconds: number): boolean {
  const seconds = Math.ceil(milliseconds / 1_000);
  return seconds === 30 || seconds === 10 || (seconds > 0 && seconds % 60 === 0);
}
