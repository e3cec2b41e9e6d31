/**
 * Times as people read them. Words come from the translation, figures from Intl; nothing here asks for the time.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long ago or how long left, cut into the unit that a person would say. */
export type Span =
  | { unit: 'now' }
  | { unit: 'minutes'; count: number }
  | { unit: 'hours'; count: number }
  | { unit: 'days'; count: number };

export function span(milliseconds: number): Span {
  if (milliseconds < MINUTE) return { unit: 'now' };
  if (milliseconds < HOUR) return { unit: 'minutes', count: Math.floor(milliseconds / MINUTE) };
  if (milliseconds < 24 * HOUR) return { unit: 'hours', count: Math.floor(milliseconds / HOUR) };
  return { unit: 'days', count: Math.floor(milliseconds / (24 * HOUR)) };
}

/** What is left of a clock: hours while there are some, then minutes and seconds. */
export type Left =
  | { kind: 'over' }
  | { kind: 'hours'; hours: number }
  | { kind: 'clock'; text: string; urgent: boolean };

export function left(until: number, now: number): Left {
  const remaining = until - now;
  if (remaining <= 0) return { kind: 'over' };
  if (remaining > HOUR) return { kind: 'hours', hours: Math.round(remaining / HOUR) };
  const seconds = Math.ceil(remaining / 1000);
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return { kind: 'clock', text, urgent: remaining <= 2 * MINUTE };
}

/** Midnight before the given time, where the agent is. */
export function dayStart(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** The figures of one language, made once: Intl formats are costly to build. */
export class Clock {
  readonly #minute: Intl.DateTimeFormat;
  readonly #second: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;

  constructor(locale?: string) {
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    this.#minute = new Intl.DateTimeFormat(locale, time);
    this.#second = new Intl.DateTimeFormat(locale, { ...time, second: '2-digit' });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
    this.#short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  }

  /** 10:38 */
  minute(time: number): string {
    return this.#minute.format(time);
  }

  /** 10:38:02 today, otherwise the day */
  step(time: number, now: number): string {
    return dayStart(time) === dayStart(now) ? this.#second.format(time) : this.#short.format(time);
  }

  /** 17 Nov */
  short(time: number): string {
    return this.#short.format(time);
  }

  /** 17 Nov, 10:38 */
  moment(time: number): string {
    return `${this.short(time)}, ${this.minute(time)}`;
  }

  /** Tuesday 17 November */
  day(time: number): string {
    return this.#day.format(time);
  }
}
