import { readFileSync } from 'node:fs';
import { FluentResource } from '@fluent/bundle';
import { describe, expect, test } from 'vitest';
import type { CancelReason } from '../api/types.ts';
import { words } from '../parts/words.ts';
import { cardWords } from './card.ts';
import type { CardState, Known } from './invitation.ts';
import { Times } from './time.ts';

const read = (file: string) => new FluentResource(readFileSync(new URL(`../../translations/en/${file}.ftl`, import.meta.url), 'utf8')).body;
const t = words([...read('chat'), ...read('card')]);
const known: Known = {
  invitation: {
    id: 'i1',
    form: 'hash',
    title: 'Card payment',
    description: null,
    reference: '7F3K',
    channel: 'web',
    expires_at: 1_000,
    status: 'cancelled',
    since: 10,
    agent: { display_name: 'Dana' },
    mine: false,
    times: {},
  },
  status: 'cancelled',
  since: 10,
  expires: null,
  viewed: true,
  submitted: null,
  reason: null,
  asked: false,
};
const card = (state: CardState, reason: CancelReason | null = null) =>
  cardWords(state, { known: { ...known, reason }, brand: 'Northwind', agent: 'Dana', now: 20 }, t, new Times(t, 'en'));

describe('a form that was closed says why, and offers a new one where one can help', () => {
  test.each([
    [null, false],
    ['agent', false],
    ['conversation_closed', false],
    ['stopped', false],
    ['session_ended', true],
    ['right_lost', true],
    ['transferred', true],
    ['form_closed', true],
    ['another_form', true],
  ] as const)('%s', (reason, again) => {
    const said = card('cancelled', reason);
    expect(said.explanation).not.toMatch(/^card-/);
    expect(said.buttons.map((button) => button.does)).toEqual(again ? ['ask'] : []);
  });

  test('each reason in words of its own', () => {
    const reasons = ['agent', 'conversation_closed', 'stopped', 'session_ended', 'transferred', 'form_closed', 'another_form'] as const;
    expect(new Set(reasons.map((reason) => card('cancelled', reason).explanation)).size).toBe(reasons.length);
  });
});

test('a vault that is away, full or locked says which, and may be tried again', () => {
  const said = (['busy', 'full', 'sealed'] as const).map((state) => card(state));
  expect(new Set(said.map(({ explanation }) => explanation)).size).toBe(3);
  for (const { explanation, buttons } of said) {
    expect(explanation).not.toMatch(/^card-/);
    expect(buttons).toMatchObject([{ does: 'open', disabled: false }]);
  }
});
