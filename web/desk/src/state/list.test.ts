import { expect, test } from 'vitest';
import { counts, groups } from './list.ts';
import { conversation, ME, MINUTE, MORNING, OTHER } from './samples.ts';

const DAY = MORNING - 600 * MINUTE;
const named = (rows: ReturnType<typeof groups>) =>
  rows.map((group) => [group.name, ...group.rows.map((row) => row.id)]);

test('whoever waits longest stands on top', () => {
  const rows = [
    conversation('short', { waiting_since: MORNING - 2 * MINUTE }),
    conversation('long', { waiting_since: MORNING - 12 * MINUTE }),
    conversation('middle', { waiting_since: MORNING - 6 * MINUTE }),
  ];
  expect(named(groups(rows, 'mine', ME, DAY))).toEqual([['waiting', 'long', 'middle', 'short']]);
});

test('a group for whose turn it is, the newest on top where nobody waits', () => {
  const rows = [
    conversation('old', { last_at: MORNING - 9 * MINUTE }),
    conversation('done', { status: 'closed' }),
    conversation('new', { last_at: MORNING }),
    conversation('waits', { waiting_since: MORNING }),
  ];
  expect(named(groups(rows, 'all', ME, DAY))).toEqual([
    ['waiting', 'waits'],
    ['visitor', 'new', 'old'],
    ['closed', 'done'],
  ]);
});

test('a form that was sent and not read waits for the agent', () => {
  const rows = [conversation('form', { invitation_status: 'submitted' }), conversation('read', { invitation_status: 'read' })];
  expect(named(groups(rows, 'mine', ME, DAY))).toEqual([['waiting', 'form'], ['visitor', 'read']]);
});

test('mine holds what nobody has taken, and nothing of a colleague', () => {
  const rows = [
    conversation('mine'),
    conversation('nobody', { owner: null, waiting_since: MORNING }),
    conversation('theirs', { owner: { id: OTHER, display_name: 'Jon' } }),
  ];
  expect(named(groups(rows, 'mine', ME, DAY))).toEqual([['waiting', 'nobody'], ['visitor', 'mine']]);
  expect(counts(rows, ME)).toEqual({ mine: 2, all: 3, waiting: 1 });
});

test('what was closed before today is not in the list, nor counted', () => {
  const rows = [conversation('yesterday', { status: 'closed', last_at: DAY - 1 }), conversation('today', { status: 'closed', last_at: DAY })];
  expect(named(groups(rows, 'all', ME, DAY))).toEqual([['closed', 'today']]);
  expect(counts(rows, ME).all).toBe(0);
});

test('two rows of the same moment never swap places', () => {
  const rows = [conversation('b'), conversation('a')];
  expect(named(groups(rows, 'all', ME, DAY))).toEqual(named(groups(rows.toReversed(), 'all', ME, DAY)));
});
