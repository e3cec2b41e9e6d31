/** Days as `<input type="date">` writes them, and the moments that they begin and end with, where the person is. */

/** Whether the days run backwards. */
export function isBackwards(from: string, to: string): boolean {
  return from !== '' && to !== '' && from > to;
}

/** Midnight at the beginning of a day, in milliseconds. */
export function dayBegin(day: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (parts === null) return undefined;
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])).getTime();
}

/** The last millisecond of a day. Not 24 h after its beginning: where clocks change, days differ. */
export function dayEnd(day: string): number | undefined {
  const begin = dayBegin(day);
  if (begin === undefined) return undefined;
  const next = new Date(begin);
  next.setDate(next.getDate() + 1);
  return next.getTime() - 1;
}

/** A moment's day as `<input type="date">` writes it. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Days that one asks for often. */
export type Span = 'any' | 'today' | 'week' | 'month' | 'days';

/** The days of a span that ends today; `days` are the person's own and stay as they are. */
export function daysOf(span: Exclude<Span, 'days'>, now: number): { from: string; to: string } {
  if (span === 'any') return { from: '', to: '' };
  const first = new Date(now);
  first.setDate(first.getDate() - { today: 0, week: 6, month: 29 }[span]);
  return { from: dayOf(first.getTime()), to: dayOf(now) };
}

/** Which span two days are. */
export function spanOf(from: string, to: string, now: number): Span {
  const spans = ['any', 'today', 'week', 'month'] as const;
  return spans.find((span) => daysOf(span, now).from === from && daysOf(span, now).to === to) ?? 'days';
}

/** How many days a range covers, both ends counted. */
export function daysBetween(from: string, to: string): number {
  return Math.round(((dayBegin(to) ?? 0) - (dayBegin(from) ?? 0)) / 86_400_000) + 1;
}
