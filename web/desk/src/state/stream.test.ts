import { expect, test } from 'vitest';
import type { Entry } from '../api/types.ts';
import { stream } from './stream.ts';
import { asked, invited, message, MINUTE, MORNING, status } from './samples.ts';

const kinds = (...entries: Parameters<typeof stream>[0]) => stream(entries).map((item) => item.kind);

test('a day begins with its name, once', () => {
  const tomorrow = MORNING + 24 * 60 * MINUTE;
  expect(kinds(message(1), message(2), message(3, { at: tomorrow }))).toEqual(['day', 'message', 'message', 'day', 'message']);
});

test('messages of one side close together share one line with name and time', () => {
  const items = stream([
    message(1),
    message(2),
    message(3, { from: 'agent', author: { display_name: 'Dana' } }),
    message(4, { from: 'agent', author: { display_name: 'Jon' } }),
    message(5, { from: 'agent', author: { display_name: 'Jon' }, at: MORNING + 5 * MINUTE }),
  ]);
  expect(items.flatMap((item) => (item.kind === 'message' ? [item.last] : []))).toEqual([false, true, true, true, true]);
});

test('a form is one card; of its statuses only an end by the visitor makes a line', () => {
  expect(
    kinds(invited(1), status(2, 'received'), status(3, 'viewed'), status(4, 'submitted'), status(5, 'read')),
  ).toEqual(['day', 'invitation', 'event']);
  expect(kinds(invited(1), asked(2), status(3, 'declined'))).toEqual(['day', 'invitation', 'event', 'event']);
});

test('every item has a key of its own', () => {
  const keys = stream([invited(1), message(2), status(3, 'submitted'), message(4)]).map((item) => item.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('what is gone, erased or handed on has its line; what ended with the conversation or comes from a newer desk has none', () => {
  const at = { at: MORNING, conversation: 'c1' };
  const entries = [
    { ...at, sequence: 1, kind: 'gone', invitation: 'i1', why: 'restart' },
    { ...at, sequence: 2, kind: 'gone', invitation: 'i1', why: 'conversation_closed' },
    { ...at, sequence: 3, kind: 'erased', invitation: 'i1', why: 'retention' },
    { ...at, sequence: 4, kind: 'transferred', from: null, to: { display_name: 'Sam' } },
    { ...at, sequence: 5, kind: 'levitated' },
    { ...at, sequence: 6, kind: 'joined', author: { display_name: 'Lea' } },
    { ...at, sequence: 7, kind: 'transferred', from: { display_name: 'Sam' }, to: { display_name: 'Lea' } },
  ] as Entry[];
  expect(stream(entries).slice(1)).toMatchObject([
    { kind: 'event', event: 'gone' },
    { kind: 'event', event: 'erased' },
    { kind: 'line', event: 'transferred', author: null, to: 'Sam' },
    { kind: 'line', event: 'transferred', author: 'Sam', to: 'Lea' },
  ]);
});
