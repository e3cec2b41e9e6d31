import { expect, test } from 'vitest';
import { changeOf, changes, draftOf, shortens } from './keeping.ts';

const saved = { keeping: { days: 90 }, reopen: 'same_device' as const };
const range = { min: 0, max: 395 };

test('what was not changed is nothing to save', () => {
  expect(changes(saved, draftOf(saved))).toBe(0);
  expect(changeOf(draftOf(saved), range)).toEqual(saved);
});

test('a number that is none or out of range is a change that can’t be saved', () => {
  for (const days of ['', '396', '-1', '1.5', 'a year']) {
    expect(changes(saved, { ...draftOf(saved), days })).toBe(1);
    expect(changeOf({ ...draftOf(saved), days }, range)).toBeNull();
  }
});

test('keeping for less time erases, keeping longer does not', () => {
  const kept = (days: string) => changeOf({ ...draftOf(saved), days }, range);
  expect(shortens(saved, kept('89'))).toBe(true);
  expect(shortens(saved, kept('0'))).toBe(true);
  expect(shortens(saved, kept('90'))).toBe(false);
  expect(shortens(saved, kept('395'))).toBe(false);
  expect(shortens(saved, null)).toBe(false);
});
