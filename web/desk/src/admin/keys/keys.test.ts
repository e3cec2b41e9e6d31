import { expect, test } from 'vitest';
import type { Key } from '../types.ts';
import { keyState, sortKeys } from './keys.ts';

const day = 86_400_000;
const key = (id: string, rest: Partial<Key>): Key => ({
  id,
  name: id,
  prefix: 'aside_x',
  scopes: ['audit_read'],
  created_at: 0,
  expires_at: 100 * day,
  last_used_at: null,
  revoked_at: null,
  ...rest,
});

test('a key works, ends soon, is over at its very moment, or was revoked', () => {
  const now = 10 * day;
  expect(keyState(key('a', {}), now)).toBe('working');
  expect(keyState(key('a', { expires_at: now + 7 * day - 1 }), now)).toBe('ends_soon');
  expect(keyState(key('a', { expires_at: now }), now)).toBe('over');
  expect(keyState(key('a', { expires_at: now, revoked_at: 1 }), now)).toBe('revoked');
});

test('keys that work stand before those that do not, the newest first', () => {
  const keys = [key('old', { created_at: 1 }), key('gone', { created_at: 9, revoked_at: 9 }), key('new', { created_at: 5 })];
  expect(sortKeys(keys, 10).map((one) => one.id)).toEqual(['new', 'old', 'gone']);
});
