import { expect, test } from 'vitest';
import { emptyModel } from './model.ts';
import { applyEntry, applyList, applyPage } from './reduce.ts';
import { conversation, invited, ME, OTHER, status } from './samples.ts';
import { formsAtStake } from './stake.ts';

test('a form that can still be sent or read is at stake, one that is over is not', () => {
  const model = emptyModel();
  applyPage(model, { conversation: conversation('c1'), entries: [invited(1)], more: false });
  expect(formsAtStake(model, ME)).toBe(1);
  applyEntry(model, status(2, 'submitted'));
  expect(formsAtStake(model, ME)).toBe(1);
  applyEntry(model, status(3, 'cancelled'));
  expect(formsAtStake(model, ME)).toBe(0);
});

test('a form of another session or a closed conversation is lost already', () => {
  const model = emptyModel();
  applyPage(model, { conversation: conversation('c1'), entries: [invited(1, { mine: false })], more: false });
  expect(formsAtStake(model, ME)).toBe(0);
  applyPage(model, { conversation: conversation('c1', { status: 'closed' }), entries: [invited(1)], more: false });
  expect(formsAtStake(model, ME)).toBe(0);
});

test('a conversation that was not looked at counts by what the list says', () => {
  const model = emptyModel();
  applyList(model, [
    conversation('c1', { invitation_status: 'submitted' }),
    conversation('c2', { invitation_status: 'declined' }),
    conversation('c3', { invitation_status: 'viewed', owner: { id: OTHER, display_name: 'Jon' } }),
    conversation('c4'),
  ]);
  expect(formsAtStake(model, ME)).toBe(1);
});
