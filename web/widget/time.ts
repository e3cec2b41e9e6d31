// Times as people read them in a chat. The clock is an argument.
import type { Timestamp } from '../api/types.ts';
import type { Say } from '../parts/words.ts';

export class Times {
  readonly #t: Say;
  readonly #clock: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;

  constructor(t: Say, locale: string, zone?: string) {
    const where = zone === undefined ? {} : { timeZone: zone };
    this.#t = t;
    this.#clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', ...where });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...where });
    this.#short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...where });
  }

  /** 10:40 */
  clock(at: Timestamp): string {
    return this.#clock.format(at);
  }

  /** Today · Yesterday · Friday 20 November */
  day(at: Timestamp, now: Timestamp): string {
    const apart = daysApart(at, now);
    if (apart === 0) return this.#t('day-today');
    if (apart === -1) return this.#t('day-yesterday');
    return this.#day.format(at);
  }

  /** today, 10:40 · tomorrow, 10:40 · 20 Nov, 10:40: inside a sentence. */
  moment(at: Timestamp, now: Timestamp): string {
    const time = this.clock(at);
    switch (daysApart(at, now)) {
      case 0:
        return this.#t('moment-today', { time });
      case 1:
        return this.#t('moment-tomorrow', { time });
      case -1:
        return this.#t('moment-yesterday', { time });
      default:
        return this.#t('moment-other', { day: this.#short.format(at), time });
    }
  }
}

/** Calendar days from `now` to `at`, where the reader is. */
function daysApart(at: Timestamp, now: Timestamp): number {
  const midnight = (time: Timestamp) => {
    const date = new Date(time);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(at) - midnight(now)) / 86_400_000);
}
