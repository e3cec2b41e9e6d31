// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { readMarks, writeMarks, type Place } from './marks.ts';

const id = (n: number) => `01a20376-86c8-7f8d-b939-${String(n).padStart(12, '0')}`;
const valueOf = (cookie: string) => cookie.split('; ')[0] ?? '';

test('what was remembered is read back, among other cookies', () => {
  const marks: [string, Place][] = [[id(1), 'frame'], [id(2), 'tab'], [id(3), 'once']];
  expect(readMarks(`other=1; ${valueOf(writeMarks(marks))}; more=2`)).toEqual(marks);
});

test('only the newest ten are kept', () => {
  const marks = Array.from({ length: 12 }, (_, n): [string, Place] => [id(n), 'frame']);
  expect(readMarks(valueOf(writeMarks(marks))).map(([name]) => name)).toEqual(marks.slice(2).map(([name]) => name));
});

test('rubbish in the cookie is no mark', () => {
  expect(readMarks('__Host-aside-opened=x<script>; a=b')).toEqual([]);
  expect(readMarks('')).toEqual([]);
  expect(readMarks(`other=f${id(1)}`)).toEqual([]);
});

test('the cookie stays on the chat’s host, in the brand’s partition, for a day at most', () => {
  expect(writeMarks([])).toMatch(/^__Host-.*Path=\/; Secure; SameSite=None; Partitioned; Max-Age=86400$/);
});
