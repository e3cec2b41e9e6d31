import { expect, test } from 'vitest';
import { order } from './colleagues.ts';

const person = (display_name: string, here: boolean) => ({ id: display_name, display_name, here });
const all = [person('Zoe', true), person('Ana Maria', false), person('Jon', true), person('Ben', false)];
const names = (query: string) => order(all, query).map((one) => one.display_name);

test('who is here stands before who is not, each by name', () => {
  expect(names('')).toEqual(['Jon', 'Zoe', 'Ana Maria', 'Ben']);
});

test('is found by each word of the name, in any case and order', () => {
  expect(names('maria ANA')).toEqual(['Ana Maria']);
  expect(names(' o ')).toEqual(['Jon', 'Zoe']);
  expect(names('nobody')).toEqual([]);
});
