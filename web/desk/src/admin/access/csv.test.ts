import { expect, test } from 'vitest';
import { csv } from './csv.ts';

test('commas, quotes and line ends stay inside their cell', () => {
  expect(csv([['a,b', 'say "hi"', 'one\ntwo', 3]])).toBe('"a,b","say ""hi""","one\ntwo",3\r\n');
});

test('a name never becomes a formula', () => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) expect(csv([[name]]).replace(/^"/, '')).toMatch(/^'/);
  expect(csv([[-5]])).toBe('-5\r\n');
});
