import { expect, test } from 'vitest';
import type { Person } from '../types.ts';
import { everyone, filterPeople, isFiltered } from './list.ts';

const person = (display_name: string, rest: Partial<Person> = {}): Person => ({
  id: display_name,
  name: `${display_name.toLowerCase()}@northwind.example`,
  display_name,
  role: 'agent',
  profile: { id: 'p', name: 'Agent' },
  state: 'active',
  locked_until: null,
  factor: 'totp',
  last_seen_at: null,
  sessions: 0,
  ...rest,
});
const names = (people: Person[]) => people.map((one) => one.display_name);

const people = [
  person('Zoé'),
  person('Ana', { role: 'admin' }),
  person('Ken', { locked_until: 1_000 }),
  person('Lea', { factor: 'none', profile: { id: 't', name: 'Trainee' } }),
  person('Finn', { state: 'invited', factor: 'none' }),
];

test('without a filter everyone stands in the order of their names', () => {
  expect(names(filterPeople(people, everyone, 0))).toEqual(['Ana', 'Finn', 'Ken', 'Lea', 'Zoé']);
  expect(isFiltered(everyone)).toBe(false);
});

test('a search looks at names and profiles, without regard to capitals and accents', () => {
  const found = (text: string) => names(filterPeople(people, { ...everyone, text }, 0));
  expect(found(' ZOE ')).toEqual(['Zoé']);
  expect(found('ken@north')).toEqual(['Ken']);
  expect(found('trainee')).toEqual(['Lea']);
  expect(found('nobody')).toEqual([]);
});

test('role, state and search all hold at once', () => {
  expect(names(filterPeople(people, { ...everyone, role: 'admin' }, 0))).toEqual(['Ana']);
  expect(names(filterPeople(people, { ...everyone, state: 'invited' }, 0))).toEqual(['Finn']);
  expect(names(filterPeople(people, { text: 'ana', role: 'agent', state: 'all' }, 0))).toEqual([]);
});

test('a lock counts until its time is over, by the clock that is given', () => {
  expect(names(filterPeople(people, { ...everyone, state: 'locked' }, 999))).toEqual(['Ken']);
  expect(names(filterPeople(people, { ...everyone, state: 'locked' }, 1_000))).toEqual([]);
});

test('only those who can sign in are missing a second step', () => {
  expect(names(filterPeople(people, { ...everyone, state: 'no_factor' }, 0))).toEqual(['Lea']);
});
