import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MessageEntry } from '../api/types.ts';
import { Refusal } from '../parts/call.ts';
import { Outbox } from './outbox.ts';
import type { Pending } from './stream.ts';

describe('messages on their way', () => {
  let answers: (Refusal | null)[];
  let asked: { id: string; text: string }[];
  let waiting: readonly Pending[];
  let stored: string[];
  let renewals: number;

  const entry = (id: string, text: string): MessageEntry => ({ sequence: asked.length, at: 1, conversation: 'c', kind: 'message', id, from: 'visitor', author: null, text });
  const outbox = () =>
    new Outbox({
      send: (id, text) => {
        asked.push({ id, text });
        const refusal = answers.shift();
        return refusal ? Promise.reject(refusal) : Promise.resolve(entry(id, text));
      },
      renew: () => {
        renewals += 1;
        return Promise.resolve();
      },
      sent: (sent) => stored.push(sent.text),
      change: (pending) => {
        waiting = pending;
      },
    });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    vi.useFakeTimers();
    answers = [];
    asked = [];
    waiting = [];
    stored = [];
    renewals = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('go one after the other, in the order in which they were written', async () => {
    const subject = outbox();
    subject.add('one');
    subject.add('two');
    await settle();
    expect(stored).toEqual(['one', 'two']);
    expect(waiting).toEqual([]);
  });

  test('go again under the same id after a lost reply', async () => {
    answers = [new Refusal(0, 'unreachable', 'no answer')];
    const subject = outbox();
    subject.add('one');
    await settle();
    expect(waiting.map((one) => one.state)).toEqual(['waiting']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.id).toBe(asked[0]?.id);
    expect(waiting).toEqual([]);
  });

  test('wait behind the first that cannot go', async () => {
    answers = [new Refusal(503, 'busy', 'busy', { wait: 5 })];
    const subject = outbox();
    subject.add('one');
    subject.add('two');
    await settle();
    expect(asked.map((one) => one.text)).toEqual(['one']);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(stored).toEqual(['one', 'two']);
  });

  test('what the desk refuses for good waits for the person, and lets the next one pass', async () => {
    answers = [new Refusal(422, 'invalid', 'too long')];
    const subject = outbox();
    subject.add('one');
    subject.add('two');
    await settle();
    expect(stored).toEqual(['two']);
    expect(waiting.map((one) => [one.text, one.state])).toEqual([['one', 'refused']]);
    subject.again(asked[0]?.id);
    await settle();
    expect(stored).toEqual(['two', 'one']);
  });

  test('a session that is gone is renewed once, then the message goes', async () => {
    answers = [new Refusal(401, 'signed_out', 'no session')];
    const subject = outbox();
    subject.add('one');
    await settle();
    expect(renewals).toBe(1);
    expect(stored).toEqual(['one']);
  });

  test('a message that the feed brought is not sent again', async () => {
    answers = [new Refusal(0, 'unreachable', 'no answer')];
    const subject = outbox();
    subject.add('one');
    await settle();
    subject.arrived(asked[0]?.id ?? '');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(waiting).toEqual([]);
  });
});
