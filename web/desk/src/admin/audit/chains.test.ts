import { expect, test } from 'vitest';
import type { ChainState } from '../types.ts';
import { broken, checkedAt } from './chains.ts';

const whole: ChainState = { first: 1, last: 9, checked_at: 100, whole: true, fault: null, last_checkpoint: null, kept_days: 400 };

test('two whole chains have no fault', () => {
  expect(broken({ desk: whole, vault: whole })).toEqual([]);
});

test('a chain that is not whole is told, even without a named fault', () => {
  const bad = { ...whole, whole: false };
  expect(broken({ desk: whole, vault: bad })).toEqual([{ zone: 'vault', fault: 'unknown', state: bad }]);
});

test('a fault counts though the chain calls itself whole', () => {
  expect(broken({ desk: { ...whole, fault: 'hash' }, vault: whole }).map((one) => one.fault)).toEqual(['hash']);
});

test('both are checked only since the earlier check', () => {
  expect(checkedAt({ desk: whole, vault: { ...whole, checked_at: 40 } })).toBe(40);
  expect(checkedAt({ desk: whole, vault: { ...whole, checked_at: null } })).toBeNull();
});
