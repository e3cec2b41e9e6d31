import { afterEach, expect, test, vi } from 'vitest';
import { Refusal } from '../../../parts/call.ts';
import { history, referenceWritten, type Past } from './api.ts';
import { everything, isFiltered, PastList, queryOf } from './past.svelte.ts';

afterEach(() => vi.restoreAllMocks());

const past = (id: string) => ({ id }) as Past;

test('only what is filtered by is asked for, and a day is meant whole', () => {
  expect(queryOf(everything, null)).toBe('limit=30');
  expect(isFiltered(everything)).toBe(false);
  const query = new URLSearchParams(queryOf({ text: ' 7F3K&to=1 ', agent: 'a', from: '2026-11-17', to: '2026-11-17' }, 'cursor'));
  expect(query.get('text')).toBe('7F3K&to=1');
  expect(query.get('before')).toBe('cursor');
  expect(Number(query.get('to')) - Number(query.get('from'))).toBe(86_400_000);
});

test('a case’s number is letters, digits and hyphens, and may be left out', () => {
  expect(referenceWritten('  ')).toBeNull();
  expect(referenceWritten(' CASE-2026-0147 ')).toBe('CASE-2026-0147');
  for (const unfit of ['Alex Smith', '4111.1111', 'x'.repeat(41), 'é']) expect(referenceWritten(unfit)).toBeUndefined();
});

test('a card’s or an identity number is no case’s', () => {
  for (const fit of ['12345678', '2026-0147', 'INC12345678901', '7F3K-9QXZ']) expect(referenceWritten(fit)).toBe(fit);
  for (const unfit of ['123456789', '-123-45-6789-', '4111111111111111', '4--1-1-1-1-1-1-1-1', 'PAN-4111-1111-1111-1111', '411111111111-x']) {
    expect(referenceWritten(unfit)).toBeUndefined();
  }
});

test('pages follow each other, and an answer to an older question is not shown', async () => {
  const asked: string[] = [];
  const answers: ((page: { conversations: Past[]; next: string | null }) => void)[] = [];
  vi.spyOn(history, 'page').mockImplementation((query) => {
    asked.push(query);
    return new Promise((resolve) => answers.push((value) => resolve({ ok: true, value })));
  });
  const list = new PastList(() => false);
  const slow = list.load();
  const quick = list.load();
  answers[1]?.({ conversations: [past('b')], next: 'more' });
  answers[0]?.({ conversations: [past('stale')], next: null });
  await Promise.all([slow, quick]);
  expect(list.rows?.map((row) => row.id)).toEqual(['b']);
  const older = list.older();
  answers[2]?.({ conversations: [past('a')], next: null });
  await older;
  expect(list.rows?.map((row) => row.id)).toEqual(['b', 'a']);
  await list.older();
  expect(asked).toEqual(['limit=30', 'limit=30', 'limit=30&before=more']);
});

test('what is shown stays when asking anew fails, and says so', async () => {
  const page = vi.spyOn(history, 'page').mockResolvedValue({ ok: true, value: { conversations: [past('a')], next: null } });
  const list = new PastList(() => false);
  await list.load();
  page.mockResolvedValue({ ok: false, refusal: new Refusal(0, 'unreachable', 'no answer') });
  await list.load();
  expect(list.rows).toHaveLength(1);
  expect(list.failed?.kind).toBe('unreachable');
});
