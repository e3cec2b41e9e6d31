import { expect, test } from 'vitest';
import type { Policy } from '../types.ts';
import { changed, GROUP_OF_PART, GROUPS, missing, numberWritten, SETTINGS, tabOf, rangeUnder, stopsBy, takenAway, valueAt, withBook, withValue } from './policy.ts';
import { defaults } from './samples.ts';

test('the defaults meet the minimum', () => {
  expect(missing(defaults)).toEqual([]);
});

test.each([
  ['password', 'password.min_length', 11],
  ['password', 'password.history', 3],
  ['password', 'password.letters_and_digits', false],
  ['lockout', 'lockout.on', false],
  ['idle_lock', 'idle.on', false],
  ['hide_card_numbers', 'hide_card_numbers', false],
  ['second_factor', 'second_factor', 'off'],
] as const)('%s is taken away by %s = %s, and comes back with it', (part, path, value) => {
  const loose = withValue(defaults, path, value);
  expect(takenAway(defaults, loose)).toEqual([part]);
  expect(takenAway(loose, defaults)).toEqual([]);
  expect(missing(loose)).toEqual([part]);
});

test('a change that keeps the minimum stops nothing', () => {
  expect(takenAway(defaults, withValue(defaults, 'password.min_length', 12))).toEqual([]);
  expect(takenAway(defaults, withValue(defaults, 'second_factor', 'everyone'))).toEqual([]);
  expect(takenAway(defaults, withValue(defaults, 'lockout.tries', 10))).toEqual([]);
});

test('long passwords of the NIST kind need no digits', () => {
  const nist = withValue(withValue(defaults, 'password.profile', 'nist'), 'password.letters_and_digits', false);
  expect(missing(nist)).toEqual([]);
});

test('the book of NIST begins long and without an end, and going back is as if nothing was', () => {
  const nist = withBook(defaults, 'nist', defaults);
  expect(nist.password).toMatchObject({ profile: 'nist', min_length: 15, max_age_days: null, letters_and_digits: false });
  expect(missing(nist)).toEqual([]);
  expect(withBook(nist, 'pci', defaults)).toEqual(defaults);
  expect(rangeUnder(nist, 'password.min_length', { min: 7, max: 64 })).toEqual({ min: 8, max: 64 });
  expect(rangeUnder(nist, 'lockout.tries', { min: 3, max: 10 })).toEqual({ min: 3, max: 10 });
});

test('each setting is told its own share, and none that another one makes up for', () => {
  const both = withValue(withValue(defaults, 'password.min_length', 8), 'password.history', 0);
  expect(stopsBy(defaults, both, 'password.min_length')).toBe(true);
  expect(stopsBy(defaults, both, 'password.history')).toBe(true);
  expect(stopsBy(defaults, both, 'lockout.tries')).toBe(false);
  expect(stopsBy(defaults, withBook(defaults, 'nist', defaults), 'password.letters_and_digits')).toBe(false);
});

test('what was missing before is not taken away again', () => {
  const off = withValue(defaults, 'idle.on', false);
  expect(takenAway(off, withValue(off, 'lockout.on', false))).toEqual(['lockout']);
  expect(missing(withValue(off, 'lockout.on', false))).toEqual(['lockout', 'idle_lock']);
});

test('a setting is read and written by its path, and the policy before stays as it was', () => {
  const before = JSON.stringify(defaults);
  const after = withValue(defaults, 'idle.lock_after_minutes', 5);
  expect(valueAt(after, 'idle.lock_after_minutes')).toBe(5);
  expect(after.idle.sign_out_after_minutes).toBe(defaults.idle.sign_out_after_minutes);
  expect(JSON.stringify(defaults)).toBe(before);
});

test('the difference names each path once, the working hours as one', () => {
  expect(changed(defaults, defaults)).toEqual([]);
  const hours = { from_minute: 480, to_minute: 1_080, time_zone: 'Europe/Berlin', weekdays: [1, 2] };
  const after: Policy = { ...withValue(defaults, 'session_hours', 8), review: { ...defaults.review, working_hours: hours } };
  expect(changed(defaults, after)).toEqual(['session_hours', 'review.working_hours']);
});

test('every value of the policy has a setting, and every setting a place', () => {
  const leaves = (value: object, path: string): string[] =>
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
      typeof inner === 'object' && inner !== null ? leaves(inner, `${path}${name}.`) : [`${path}${name}`],
    );
  const paths = SETTINGS.map((setting) => setting.path);
  expect([...paths, 'review.working_hours'].sort()).toEqual(leaves(defaults, '').sort());
  for (const group of Object.values(GROUP_OF_PART)) {
    expect(GROUPS[tabOf(group)] as readonly string[]).toContain(group);
    expect(SETTINGS.some((setting) => setting.group === group)).toBe(true);
  }
});

test('a number is taken only whole and in its range', () => {
  const range = { min: 3, max: 10 };
  expect(numberWritten(' 6 ', range)).toBe(6);
  for (const text of ['', '2', '11', '6.5', '-6', '1e1', 'six', '0x6']) expect(numberWritten(text, range)).toBeNull();
});
