import { expect, test } from 'vitest';
import { mayAdminister } from './permissions.ts';

test('one permission with a place in the panel opens it, others do not', () => {
  expect(mayAdminister(['read_audit'])).toBe(true);
  expect(mayAdminister(['handle_conversations', 'use_secure_forms', 'reveal_card_numbers', 'export'])).toBe(false);
  expect(mayAdminister([])).toBe(false);
});
