import { expect, test } from 'vitest';
import { mayAdminister, mayLookBack } from './permissions.ts';

test('one permission with a place in the panel opens it, others do not', () => {
  expect(mayAdminister(['read_audit'])).toBe(true);
  expect(mayAdminister(['erase_data'])).toBe(true);
  expect(mayAdminister(['handle_conversations', 'use_secure_forms', 'reveal_card_numbers', 'copy_answers'])).toBe(false);
  expect(mayAdminister([])).toBe(false);
});

test('who reads the past, or manages those who write it, has a history', () => {
  expect(mayLookBack({ role: 'agent', permissions: ['handle_conversations', 'use_secure_forms'] })).toBe(false);
  expect(mayLookBack({ role: 'manager', permissions: ['handle_conversations'] })).toBe(true);
  expect(mayLookBack({ role: 'manager', permissions: ['read_audit'] })).toBe(false);
  expect(mayLookBack({ role: 'manager', permissions: ['view_history_answers'] })).toBe(true);
  expect(mayLookBack(null)).toBe(false);
});
