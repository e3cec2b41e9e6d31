import { describe, expect, test } from 'vitest';
import type { PasswordRules } from '../api/types.ts';
import { mayBeSaved, reasonsOf, ruleStates } from './password.ts';

const RULES: PasswordRules = { profile: 'pci', min_length: 12, letters_and_digits: true, history: 4, changes_per_day: 2 };
const OWNER = { name: 'dana.hill@northwind.example', display_name: 'Dana Hill', brand: 'Northwind' };
const states = (password: string, over: Partial<PasswordRules> = {}, refused: string[] = []) =>
  Object.fromEntries(ruleStates(password, { ...RULES, ...over }, OWNER, refused).map(({ rule, state }) => [rule, state]));

describe('a password, while it is typed', () => {
  test('meets nothing while it is empty', () => {
    expect(states('')).toEqual({ length: 'open', mixed: 'open', name: 'open', common: 'later', history: 'later' });
  });

  test('meets its rules one by one', () => {
    expect(states('quiet lanterns').mixed).toBe('open');
    expect(states('quiet lanterns')).toMatchObject({ length: 'met', name: 'met' });
    expect(states('quiet 7 lanterns')).toMatchObject({ length: 'met', mixed: 'met', name: 'met' });
  });

  test('is counted in characters as a person counts them', () => {
    expect(states('🙂🙂🙂🙂🙂🙂')).toMatchObject({ length: 'open' });
    expect(states('пароль другой 7')).toMatchObject({ length: 'met', mixed: 'met' });
  });

  test('is the same with an accent of its own', () => {
    expect(states('e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301').length).toBe('open');
  });

  test('must not hold a name, however it is written', () => {
    for (const password of ['dana.hill-2026-x', 'my NORTHWIND key 1', 'one Aside for me 1', 'over the hill 2026', 'dana 7 lanterns']) {
      expect(states(password).name).toBe('open');
    }
  });

  test('shows only the rules that there are', () => {
    expect(Object.keys(states('x', { profile: 'nist', letters_and_digits: false, history: 0 }))).toEqual(['length', 'name', 'common']);
  });

  test('goes to the desk when only the desk can tell more', () => {
    expect(mayBeSaved(ruleStates('quiet 7 lanterns', RULES, OWNER))).toBe(true);
    expect(mayBeSaved(ruleStates('quiet lanterns', RULES, OWNER))).toBe(false);
  });
});

describe('a password that the desk refused', () => {
  test('shows which rule it broke', () => {
    expect(states('quiet 7 lanterns', {}, ['common', 'used_before'])).toEqual({
      length: 'met',
      mixed: 'met',
      name: 'met',
      common: 'broken',
      history: 'broken',
    });
    expect(mayBeSaved(ruleStates('quiet 7 lanterns', RULES, OWNER, ['common']))).toBe(false);
  });

  test('is not at fault when there were too many changes', () => {
    expect(mayBeSaved(ruleStates('quiet 7 lanterns', RULES, OWNER, ['too_many_changes']))).toBe(true);
  });

  test('gives its reasons, and nothing else that the answer may hold', () => {
    expect(reasonsOf({ reasons: ['common', 7, null, 'too_short'] })).toEqual(['common', 'too_short']);
    expect(reasonsOf({ reasons: 'common' })).toEqual([]);
    expect(reasonsOf({})).toEqual([]);
  });
});
