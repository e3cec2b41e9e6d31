/** The list of people: which of them a search and two filters leave, and what stands in a row. */
import type { Person, PersonState, Role } from '../types.ts';
import { nameOfProfile } from '../words.ts';

export interface PeopleFilter {
  text: string;
  role: Role | 'all';
  /** `locked` and `no_factor` cut across the states: they are what one looks for in the list. */
  state: PersonState | 'locked' | 'no_factor' | 'all';
}

export const everyone: PeopleFilter = { text: '', role: 'all', state: 'all' };

/** Those whom the filter leaves, by name. Capitals and accents make no difference. */
export function filterPeople(people: readonly Person[], filter: PeopleFilter, now: number): Person[] {
  const wanted = folded(filter.text.trim());
  return people
    .filter((person) => filter.role === 'all' || person.role === filter.role)
    .filter((person) => matchesState(person, filter.state, now))
    .filter((person) =>
      [person.display_name, person.name, nameOfProfile(person.profile.name)].some((word) => folded(word).includes(wanted)),
    )
    .sort((one, other) => one.display_name.localeCompare(other.display_name));
}

function matchesState(person: Person, state: PeopleFilter['state'], now: number): boolean {
  if (state === 'all') return true;
  if (state === 'locked') return isLocked(person, now);
  if (state === 'no_factor') return person.state === 'active' && person.factor === 'none';
  return person.state === state;
}

/** Whether wrong passwords keep the person out now. */
export function isLocked(person: Person, now: number): boolean {
  return person.locked_until !== null && person.locked_until > now;
}

export function isFiltered(filter: PeopleFilter): boolean {
  return filter.text.trim() !== '' || filter.role !== 'all' || filter.state !== 'all';
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
