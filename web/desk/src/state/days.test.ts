import { expect, test } from 'vitest';
import { dayBegin, dayEnd, dayOf, daysBetween, daysOf, isBackwards, spanOf } from './days.ts';

test('a day reaches from its first to its last millisecond, where the person is', () => {
  const begin = dayBegin('2026-03-29') ?? 0;
  expect(new Date(begin).getHours()).toBe(0);
  expect(dayOf(begin)).toBe('2026-03-29');
  expect(dayOf(dayEnd('2026-03-29') ?? 0)).toBe('2026-03-29');
  expect(dayBegin('2026-03-30')).toBe((dayEnd('2026-03-29') ?? 0) + 1);
});

test('what is no day filters nothing', () => {
  expect([dayBegin(''), dayEnd('yesterday')]).toEqual([undefined, undefined]);
  expect(dayBegin('29.3.2026')).toBeUndefined();
});

test('days are counted with both ends, over a change of clocks too', () => {
  expect(daysBetween('2026-11-22', '2026-11-22')).toBe(1);
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(32);
});

test('the usual spans end today and are known again', () => {
  const now = new Date(2026, 2, 31, 12).getTime();
  expect(daysOf('week', now)).toEqual({ from: '2026-03-25', to: '2026-03-31' });
  for (const span of ['any', 'today', 'week', 'month'] as const) {
    const { from, to } = daysOf(span, now);
    expect(spanOf(from, to, now)).toBe(span);
  }
  expect(spanOf('2026-03-01', '2026-03-02', now)).toBe('days');
});

test('a range that runs backwards is known', () => {
  expect(isBackwards('2026-11-22', '2026-11-21')).toBe(true);
  expect(isBackwards('2026-11-21', '2026-11-21')).toBe(false);
  expect(isBackwards('', '2026-11-21')).toBe(false);
});
