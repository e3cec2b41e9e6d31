import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api, type Answer } from '../api/client.ts';
import type { MessageEntry } from '../api/types.ts';
import { Refusal } from '../../../parts/call.ts';
import { message } from '../state/samples.ts';
import { Outbox } from './outbox.svelte.ts';

const lost = { ok: false as const, refusal: new Refusal(0, 'unreachable', 'no answer') };

describe('messages on their way', () => {
  /** What the desk was asked to store, in order, and what it answers next. */
  let asked: { conversation: string; id: string; text: string }[];
  let answers: Answer<MessageEntry>[];
  let stored: string[];
  let outbox: Outbox;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = [];
    stored = [];
    outbox = new Outbox((entry) => stored.push(entry.id));
    vi.spyOn(api, 'say').mockImplementation((conversation, id, text) => {
      asked.push({ conversation, id, text });
      return Promise.resolve(answers.shift() ?? { ok: true, value: message(asked.length, { conversation, id, text }) });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('go one after the other and leave when the desk has them', async () => {
    outbox.add('c1', 'first', 0);
    outbox.add('c1', 'second', 0);
    await settle();
    expect(asked.map((one) => one.text)).toEqual(['first', 'second']);
    expect(outbox.messages).toEqual([]);
    expect(stored).toHaveLength(2);
  });

  test('keep their id and their order when the connection is lost', async () => {
    answers = [lost, lost];
    outbox.add('c1', 'first', 0);
    outbox.add('c1', 'second', 0);
    await settle();
    expect(outbox.messages.map((one) => one.state)).toEqual(['waiting', 'sending']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(outbox.messages).toEqual([]);
    expect(asked.map((one) => one.text)).toEqual(['first', 'first', 'first', 'second']);
    expect(new Set(asked.slice(0, 3).map((one) => one.id)).size).toBe(1);
  });

  test('are tried at once when somebody asks for it', async () => {
    answers = [lost];
    outbox.add('c1', 'first', 0);
    await settle();
    outbox.retry();
    await settle();
    expect(outbox.messages).toEqual([]);
    // The try that was planned finds nothing left to do.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });

  test('wait as long as the desk asks for', async () => {
    answers = [{ ok: false, refusal: new Refusal(429, 'busy', 'slow down', { wait: 7 }) }];
    outbox.add('c1', 'first', 0);
    await settle();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
  });

  test('that the desk refuses for good stay visible, and hold nothing up', async () => {
    answers = [{ ok: false, refusal: new Refusal(409, 'wrong_state', 'closed') }];
    outbox.add('c1', 'refused', 0);
    outbox.add('c1', 'next', 0);
    await settle();
    expect(outbox.messages.map((one) => [one.text, one.state])).toEqual([['refused', 'refused']]);
    expect(outbox.discard(outbox.messages[0]?.id ?? '')?.text).toBe('refused');
  });

  test('stay while the session is locked, and go when it is open again', async () => {
    answers = [{ ok: false, refusal: new Refusal(423, 'locked', 'locked') }];
    outbox.add('c1', 'first', 0);
    await settle();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(outbox.messages.map((one) => one.state)).toEqual(['waiting']);
    expect(asked).toHaveLength(1);
    outbox.retry();
    await settle();
    expect(outbox.messages).toEqual([]);
  });

  test('of one conversation do not wait for another', async () => {
    answers = [lost];
    outbox.add('c1', 'stuck', 0);
    outbox.add('c2', 'free', 0);
    await settle();
    expect(outbox.messages.map((one) => one.text)).toEqual(['stuck']);
  });

  test('that the feed brought first are not sent again', async () => {
    answers = [lost];
    outbox.add('c1', 'first', 0);
    await settle();
    outbox.arrived(asked[0]?.id ?? '');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
  });
});
