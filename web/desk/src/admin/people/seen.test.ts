import { expect, test } from 'vitest';
import { lastHere } from './seen.ts';

const now = new Date(2026, 10, 22, 15, 0).getTime();
const minutes = (count: number) => now - count * 60_000;

test('someone with a session and a fresh sign of life is here now', () => {
  expect(lastHere({ sessions: 1, last_seen_at: minutes(4) }, now)).toEqual({ kind: 'now' });
  expect(lastHere({ sessions: 1, last_seen_at: minutes(6) }, now)).toEqual({ kind: 'ago', milliseconds: 6 * 60_000 });
});

test('someone who has signed out is not here, however short ago', () => {
  expect(lastHere({ sessions: 0, last_seen_at: minutes(2) }, now)).toEqual({ kind: 'ago', milliseconds: 2 * 60_000 });
  expect(lastHere({ sessions: 0, last_seen_at: minutes(0) }, now)).toEqual({ kind: 'today', at: now });
});

test('hours become a time of today, then a day', () => {
  expect(lastHere({ sessions: 0, last_seen_at: minutes(300) }, now).kind).toBe('today');
  expect(lastHere({ sessions: 0, last_seen_at: minutes(1_000) }, now).kind).toBe('day');
});

test('who never signed in was never here', () => {
  expect(lastHere({ sessions: 0, last_seen_at: null }, now)).toEqual({ kind: 'never' });
});
