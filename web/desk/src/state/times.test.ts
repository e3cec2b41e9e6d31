import { describe, expect, test } from 'vitest';
import { left, span } from './times.ts';
import { MINUTE } from './samples.ts';

describe('what is left of a clock', () => {
  test.each([
    [24 * 60 * MINUTE, { kind: 'hours', hours: 24 }],
    [90 * MINUTE + 1, { kind: 'hours', hours: 2 }],
    [60 * MINUTE, { kind: 'clock', text: '60:00', urgent: false }],
    [24 * MINUTE + 18_000, { kind: 'clock', text: '24:18', urgent: false }],
    [2 * MINUTE, { kind: 'clock', text: '2:00', urgent: true }],
    [1_001, { kind: 'clock', text: '0:02', urgent: true }],
    [0, { kind: 'over' }],
    [-5, { kind: 'over' }],
  ])('%d ms', (remaining, shown) => expect(left(1_000_000 + remaining, 1_000_000)).toEqual(shown));
});

test('a length is cut into the unit that a person would say', () => {
  expect(span(59_999)).toEqual({ unit: 'now' });
  expect(span(-1)).toEqual({ unit: 'now' });
  expect(span(12 * MINUTE)).toEqual({ unit: 'minutes', count: 12 });
  expect(span(60 * MINUTE)).toEqual({ unit: 'hours', count: 1 });
  expect(span(49 * 60 * MINUTE)).toEqual({ unit: 'days', count: 2 });
});
