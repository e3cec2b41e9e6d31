// Now, by the desk's clock: remaining times are the server's, whatever this machine believes (edge case 23).

/** Milliseconds to add to this machine's clock. */
let offset = 0;

/** The header counts whole seconds and travels a while: less than this is no difference, and times must not jitter. */
const TOLERANCE = 2_000;

/** Milliseconds since 1970, as the desk counts them. */
export function deskNow(): number {
  return Date.now() + offset;
}

/** Learns from an answer's `Date` header. */
export function readClock(date: string | null, now: number = Date.now()): void {
  const said = Date.parse(date ?? '');
  if (Number.isNaN(said)) return;
  const difference = said + 500 - now;
  offset = Math.abs(difference) <= TOLERANCE ? 0 : difference;
}
