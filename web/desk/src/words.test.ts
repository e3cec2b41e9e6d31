import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duration, initials, statusWord, t, visitorOf } from './words.ts';

const names = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('.test.ts'),
);
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** A part that is loaded later has words of its own: `t` is theirs there, and `common` says what the page has anyway. */
const PARTS = ['admin/privacy', 'admin', 'signin', 'leaving', 'history', 'keys'] as const;
const inPart = (name: string) => PARTS.find((part) => name.startsWith(`${part}/`));
const FILES = {
  main: 'desk',
  'admin/privacy': 'privacy',
  admin: 'admin',
  signin: 'sign-in',
  leaving: 'leaving',
  history: 'history',
  keys: 'keys',
} as const;

describe.each(['main', ...PARTS] as const)('the words of %s', (part) => {
  const own = names.filter((name) => (inPart(name) ?? 'main') === part).map(read);
  const others = part === 'main' ? names.filter((name) => inPart(name) !== undefined).map(read) : [];
  const path = new URL(`../../../translations/en/${FILES[part]}.ftl`, import.meta.url);
  const translation = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const defined = [...translation.matchAll(/^([a-z][\w-]*) =/gm)].map((match) => match[1] ?? '');
  const sources = own.join('\n');

  test('are there, each that is said by its name', () => {
    const said = [
      ...sources.matchAll(/\bt\(\s*'([a-z][\w-]*)'/g),
      ...others.join('\n').matchAll(/\bcommon\(\s*'([a-z][\w-]*)'/g),
    ].map((match) => match[1] ?? '');
    if (part === 'main') expect(said.length).toBeGreaterThan(50);
    expect(said.filter((id) => !defined.includes(id))).toEqual([]);
  });

  test('are said somewhere', () => {
    // Some names are put together from a state: their beginnings stand in the sources.
    const everywhere = [sources, ...others].join('\n');
    const built = [...everywhere.matchAll(/[`'](\w[\w-]*-)\$\{/g)].map((match) => match[1] ?? '');
    const unused = defined.filter(
      (id) => !new RegExp(`['"]${id}['"]`).test(everywhere) && !built.some((start) => id.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });
});

test('each status has its word', () => {
  for (const status of ['sent', 'received', 'viewed', 'submitted', 'read', 'expired', 'cancelled', 'declined', 'failed'] as const) {
    expect(statusWord(status)).not.toContain('-');
  }
});

test('people are known by one or two letters, in any script', () => {
  expect(initials('Alex Rowe')).toBe('AR');
  expect(initials('dana')).toBe('D');
  expect(initials('  Ana Maria  de la Cruz ')).toBe('AC');
  expect(initials('𠮷田')).toBe('𠮷');
  expect(initials('')).toBe('?');
});

test('a visitor without a name is told apart by the conversation', () => {
  expect(visitorOf({ id: '0193-abcd-7f3k', visitor_name: null })).toBe('Visitor 7F3K');
  expect(visitorOf({ id: '0193', visitor_name: 'Alex' })).toBe('Alex');
});

test('a plural follows its number', () => {
  expect(t('questions', { count: 1 })).toContain('question');
  expect(t('questions', { count: 4 })).toContain('questions');
  expect(duration(0)).toBe('now');
});
