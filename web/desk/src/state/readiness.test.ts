import { expect, test } from 'vitest';
import { readiness } from './readiness.ts';

const agent = { permissions: ['handle_conversations', 'use_secure_forms'] as const, forms_on: true, vault_factor: true };
const of = (over: object) => readiness({ ...agent, permissions: [...agent.permissions], ...over });

test('forms are there for who may use them, and nobody else hears of them', () => {
  expect(of({})).toBe('ready');
  expect(of({ permissions: ['handle_conversations'], forms_on: false })).toBe('none');
  expect(readiness(null)).toBe('none');
});

test('forms that are off for the site say so before anything else', () => {
  expect(of({ forms_on: false, vault_factor: false })).toBe('stopped');
});

test('the vault wants to know the person first, and a vault that cannot say stands in nobody’s way', () => {
  expect(of({ vault_factor: false })).toBe('no-factor');
  expect(of({ vault_factor: null })).toBe('ready');
});
