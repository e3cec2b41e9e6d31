import { expect, test } from 'vitest';
import { clockOf, minuteOf, timeZones, weekdays } from './hours.ts';

test('minutes of the day are written as a clock and read back', () => {
  for (const minute of [0, 59, 60, 510, 1_439]) expect(minuteOf(clockOf(minute))).toBe(minute);
  expect(clockOf(1_440)).toBe('00:00');
});

test('what is no time of a day is none', () => {
  for (const clock of ['', '24:00', '8:00', '08:60', '08:00:00']) expect(minuteOf(clock)).toBeNull();
});

test('the week begins on Monday, as the desk counts', () => {
  expect(weekdays('en').map((day) => day.name)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  expect(weekdays('en')[0]?.number).toBe(1);
});

test('a time zone that this browser does not know is not lost', () => {
  expect(timeZones('Mars/Olympus')).toContain('Mars/Olympus');
  expect(timeZones('Europe/Berlin').filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
});
