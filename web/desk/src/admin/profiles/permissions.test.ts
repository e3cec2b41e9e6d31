import { expect, test } from 'vitest';
import type { Permission, Profile } from '../types.ts';
import { freeName, plan, switches, toggled } from './permissions.ts';

const agent: Profile = {
  id: 'agent',
  role: 'agent',
  name: 'Agent',
  permissions: ['handle_conversations', 'use_secure_forms', 'reveal_card_numbers'],
  ceiling: ['handle_conversations', 'use_secure_forms', 'reveal_card_numbers'],
  built_in: true,
  people: 7,
};
const manager: Profile = { ...agent, id: 'manager', role: 'manager', name: 'Manager', permissions: ['handle_conversations', 'export'], ceiling: [...agent.ceiling, 'view_history_answers', 'export', 'read_audit'] };
const trainee: Profile = { ...agent, id: 'trainee', name: 'Trainee', permissions: ['handle_conversations'], built_in: false, people: 2 };
const lea: Profile = { ...agent, id: 'lea', name: 'Lea', permissions: ['handle_conversations', 'use_secure_forms'], built_in: false, people: 1 };
const all = [agent, manager, trainee, lea];

test('a role has switches for what it may have at most, each with its default', () => {
  expect(switches('agent', ['handle_conversations'], all)).toEqual([
    { permission: 'handle_conversations', on: true, byDefault: true },
    { permission: 'use_secure_forms', on: false, byDefault: true },
    { permission: 'reveal_card_numbers', on: false, byDefault: true },
  ]);
  expect(switches('manager', [], all).find((one) => one.permission === 'view_history_answers')).toMatchObject({ byDefault: false });
  expect(switches('agent', ['manage_people'], all).some((one) => one.permission === 'manage_people')).toBe(false);
});

test('a switch changes one permission and keeps the order', () => {
  const on: Permission[] = ['reveal_card_numbers', 'handle_conversations'];
  expect(toggled(on, 'use_secure_forms', true)).toEqual(['handle_conversations', 'use_secure_forms', 'reveal_card_numbers']);
  expect(toggled(on, 'reveal_card_numbers', false)).toEqual(['handle_conversations']);
});

test('nothing changed is nothing to save', () => {
  expect(plan(trainee, trainee, ['handle_conversations'], all)).toEqual({ kind: 'nothing' });
});

test('another profile chosen is given as it is', () => {
  expect(plan(agent, trainee, ['handle_conversations'], all)).toEqual({ kind: 'assign', profile: trainee });
});

test('switches that come to an existing profile take that profile, even the one the person has', () => {
  expect(plan(agent, agent, ['handle_conversations'], all)).toEqual({ kind: 'assign', profile: trainee });
  expect(plan(trainee, agent, ['handle_conversations'], all)).toEqual({ kind: 'nothing' });
});

test('a profile that others have too is never changed through one person', () => {
  expect(plan(trainee, trainee, ['use_secure_forms'], all)).toEqual({ kind: 'create', role: 'agent' });
  expect(plan(agent, agent, ['use_secure_forms'], all)).toEqual({ kind: 'create', role: 'agent' });
});

test('a profile of one’s own is changed in place', () => {
  expect(plan(lea, lea, ['use_secure_forms'], all)).toEqual({ kind: 'change', profile: lea });
});

test('a new profile gets a name that no other has, within sixty characters', () => {
  expect(freeName('Lea', all)).toBe('Lea 2');
  expect(freeName('Dana', all)).toBe('Dana');
  const long = 'x'.repeat(60);
  expect(freeName(long, [{ ...lea, name: long }]).length).toBeLessThanOrEqual(60);
});
