/** Working hours as a person writes them: minutes of the day ↔ `<input type="time">`. */

export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** The minute of the day, or null for what is no time. */
export function minuteOf(clock: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock);
  return parts === null ? null : Number(parts[1]) * 60 + Number(parts[2]);
}

/** The names of the days, Monday first as the desk counts them from 1. */
export function weekdays(locale?: string): { number: number; name: string }[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  // 1 January 2024 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((number) => ({ number, name: format.format(Date.UTC(2024, 0, number)) }));
}

/** Every time zone that this browser knows, the one given included. */
export function timeZones(current: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes(current) ? known : [current, ...known];
}
