import { describe, expect, test } from 'vitest';
import { card, withoutRight } from './card.ts';
import { formOf } from './invitation.ts';
import { FORMS, ME, MORNING, OTHER, state } from './samples.ts';
import { steps } from './steps.ts';

describe('the card of an invitation', () => {
  test('offers the answers to the session that asked, while the conversation is open', () => {
    expect(card(state({ status: 'submitted' }), ME, 'open')).toMatchObject({ tone: 'alive', main: 'view', refusal: null });
    expect(card(state({ status: 'read' }), ME, 'open').main).toBe('view-again');
  });

  test('offers nothing to somebody without the right, and says so where answers are', () => {
    expect(withoutRight(card(state({ status: 'submitted' }), ME, 'open'))).toMatchObject({
      tone: 'closed',
      fact: 'refused-no-right',
      refusal: 'no_right',
      main: null,
      others: [],
    });
    const waiting = card(state({ status: 'viewed' }), ME, 'open');
    expect(withoutRight(waiting)).toEqual({ ...waiting, main: null, others: [] });
  });

  test.each([
    ['right_lost', 'fact-cancelled-right_lost'],
    ['stopped', 'fact-cancelled-stopped'],
    ['form_closed', 'fact-cancelled-form_closed'],
    ['another_form', 'fact-cancelled-another_form'],
    ['transferred', 'fact-cancelled-transferred'],
  ] as const)('says why it was cancelled: %s', (reason, fact) => {
    expect(card(state({ status: 'cancelled', reason }), ME, 'open').fact).toBe(fact);
  });

  test.each([
    ['other_agent', { agent: { id: OTHER, display_name: 'Jon' }, mine: false }, 'open', 'ask-me'],
    ['other_session', { mine: false }, 'open', 'ask-me'],
    ['closed', {}, 'closed', null],
    ['transferred', { lost: 'transferred', mine: false }, 'open', 'ask-me'],
    ['transferred', { lost: 'transferred', agent: { id: OTHER, display_name: 'Jon' }, mine: false }, 'open', 'ask-me'],
  ] as const)('refuses the answers: %s', (refusal, over, conversation, main) => {
    const shown = card(state({ status: 'submitted', ...over }), ME, conversation);
    expect(shown).toMatchObject({ tone: 'closed', refusal, main });
    expect([shown.main, ...shown.others]).not.toContain('view');
  });

  test.each(['expired', 'cancelled', 'declined', 'failed'] as const)('that is %s can be sent again', (status) => {
    expect(card(state({ status }), ME, 'open')).toMatchObject({ tone: 'closed', main: 'send-again', others: [] });
    expect(card(state({ status }), ME, 'closed').main).toBeNull();
  });

  test('that waits can be cancelled by who sent it, and by nobody else', () => {
    expect(card(state({ status: 'viewed' }), ME, 'open').others).toEqual(['cancel']);
    expect(card(state({ status: 'viewed' }), OTHER, 'open').others).toEqual([]);
    expect(card(state({ status: 'viewed' }), ME, 'closed').others).toEqual([]);
  });

  test.each(['done', 'time', 'restart'] as const)('whose answers off the record are gone says why and offers to send it again: %s', (gone) => {
    expect(card(state({ status: 'read', gone }), ME, 'open')).toMatchObject({
      tone: 'alive',
      fact: `fact-gone-${gone}`,
      main: 'send-again',
      others: ['view-rest'],
    });
    expect(card(state({ status: 'read', gone }), ME, 'open', false)).toMatchObject({ tone: 'closed', main: 'send-again', others: [] });
  });

  test('whose right was lost with what is gone says the right first', () => {
    const lost = card(state({ status: 'read', gone: 'session_ended', mine: false }), ME, 'open');
    expect(lost).toMatchObject({ refusal: 'other_session', main: 'ask-me', others: [] });
  });

  test.each(['retention', 'request', 'closed'] as const)('whose answers were erased offers nothing to view: %s', (erased) => {
    const shown = card(state({ status: 'read', erased, gone: 'done' }), ME, 'open');
    expect(shown).toMatchObject({ tone: 'closed', fact: `fact-erased-${erased}`, main: 'send-again', others: [] });
    expect(card(state({ status: 'read', erased }), ME, 'closed').main).toBeNull();
  });

  test('without the right to forms offers no rest either', () => {
    expect(withoutRight(card(state({ status: 'read', gone: 'done' }), ME, 'open'))).toMatchObject({ refusal: 'no_right', main: null, others: [] });
  });

  test('offers a new link where it went out as one', () => {
    expect(card(state({ channel: 'link' }), ME, 'open').others).toEqual(['new-link', 'cancel']);
  });

  test('puts a visitor’s wish for a new one first', () => {
    expect(card(state({ status: 'viewed', asked: true }), ME, 'open')).toMatchObject({ mood: 'warning', main: 'new-form' });
    expect(card(state({ asked: true, channel: 'link' }), ME, 'open').main).toBe('new-link');
  });

  test('says which clock ended', () => {
    expect(card(state({ status: 'expired' }), ME, 'open').fact).toBe('fact-expired');
    const opened = state({ status: 'expired', times: { sent: MORNING, viewed: MORNING } });
    expect(card(opened, ME, 'open').fact).toBe('fact-expired-open');
  });
});

describe('the four steps', () => {
  const line = (over: Parameters<typeof state>[0]) => steps(state(over)).map((step) => `${step.status} ${step.state}`);

  test('fill as it happens', () => {
    expect(line({ status: 'sent' })).toEqual(['sent now', 'received waiting', 'viewed waiting', 'submitted waiting']);
    expect(line({ status: 'viewed' })).toEqual(['sent done', 'received done', 'viewed now', 'submitted waiting']);
    expect(line({ status: 'read' })).toEqual(['sent done', 'received done', 'viewed done', 'submitted done']);
  });

  test('end with the word for how it ended, after what was reached', () => {
    expect(line({ status: 'declined', times: { sent: 1, received: 2, viewed: 3 } })).toEqual([
      'sent done',
      'received done',
      'viewed done',
      'declined stopped',
    ]);
    expect(line({ status: 'expired', times: { sent: 1 } })).toEqual(['sent done', 'expired stopped']);
  });
});

test('a form is found again by its hash, or by its title under a newer version', () => {
  expect(formOf(state(), FORMS)?.hash).toBe('hash-card');
  expect(formOf(state({ form: 'hash-old' }), FORMS)?.hash).toBe('hash-card');
  expect(formOf(state({ form: 'hash-old', title: 'Retired' }), FORMS)).toBeUndefined();
});
