import { describe, expect, test } from 'vitest';
import type { Entry } from '../api/types.ts';
import { merge, rows, type Pending } from './stream.ts';

const noon = new Date(2026, 10, 20, 12, 0, 0).getTime();
const message = (sequence: number, from: 'visitor' | 'agent' = 'visitor', at = noon): Entry => ({
  sequence,
  at,
  conversation: 'c1',
  kind: 'message',
  id: `m${sequence}`,
  from,
  author: null,
  text: `text ${sequence}`,
});
const pending = (id: string): Pending => ({ id, text: 'hello', at: noon, state: 'sending' });

describe('merging entries', () => {
  test('keeps them in order of sequence, each once', () => {
    const merged = merge([message(1), message(4)], [message(4), message(2), message(2)]);
    expect(merged.map((entry) => entry.sequence)).toEqual([1, 2, 4]);
  });

  test('answers the very same entries where nothing is new', () => {
    const before = [message(1), message(2)];
    expect(merge(before, [message(2)])).toBe(before);
  });
});

describe('rows of the stream', () => {
  test('a message sent again after a lost reply stands there once', () => {
    const made = rows([message(1)], [pending('m1')]);
    expect(made.map((row) => row.is)).toEqual(['day', 'message']);
  });

  test('what the desk has not confirmed stands at the foot', () => {
    expect(rows([message(1)], [pending('m9')]).map((row) => row.key)).toEqual([expect.stringContaining('day'), 'm1', 'm9']);
  });

  test('a new day is named once', () => {
    const next = noon + 24 * 3600_000;
    const made = rows([message(1), message(2), message(3, 'agent', next)], []);
    expect(made.map((row) => row.is)).toEqual(['day', 'message', 'message', 'day', 'message']);
  });

  test('only the last of several messages in one minute carries the time', () => {
    const made = rows([message(1), message(2), message(3, 'agent'), message(4, 'agent', noon + 60_000)], []);
    expect(made.flatMap((row) => (row.is === 'message' ? [row.last] : []))).toEqual([false, true, true, true]);
  });

  test('a conversation that went to somebody else says so, and what was erased stands there no more', () => {
    const handed: Entry = { sequence: 2, at: noon, conversation: 'c1', kind: 'transferred', from: { display_name: 'Dana' }, to: { display_name: 'Sam' } };
    const erased = { ...message(3), text: '', erased: true } as Entry;
    expect(rows([message(1), handed, erased], []).map((row) => row.is)).toEqual(['day', 'message', 'turn']);
    const joined: Entry = { sequence: 1, at: noon, conversation: 'c1', kind: 'joined', author: { display_name: 'Sam' } };
    expect(rows([joined, handed], []).map((row) => row.key)).toEqual([expect.stringContaining('day'), 'turn 2']);
  });

  test('statuses move the card and add no row', () => {
    const status: Entry = { sequence: 2, at: noon, conversation: 'c1', kind: 'status', invitation: 'i1', status: 'viewed', since: noon };
    expect(rows([status], [])).toEqual([]);
  });
});
