import { afterEach, expect, test, vi } from 'vitest';
import { AuditLog } from './log.svelte.ts';

const chains = {};
const entry = (sequence: number) => ({ zone: 'desk', sequence });

/** A desk that answers with these pages, one a call, and notes what it was asked. */
function desk(pages: { entries: object[]; next: string | null }[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const page = pages.shift();
    return Promise.resolve(page === undefined ? new Response('', { status: 503 }) : Response.json({ ...page, chains }));
  });
  return asked;
}
const numbers = (log: AuditLog) => log.entries?.map((one) => one.sequence);
afterEach(() => vi.unstubAllGlobals());

test('pages follow each other by the cursor that the desk gave', async () => {
  const asked = desk([{ entries: [entry(9), entry(8)], next: 'c1' }, { entries: [entry(7)], next: null }]);
  const log = new AuditLog(() => false);
  await log.load();
  expect(log.more).toBe(true);
  await log.older();
  expect([numbers(log), log.more, log.loading]).toEqual([[9, 8, 7], false, false]);
  expect(asked[1]).toContain('before=c1');
});

test('an empty page that goes on is followed by itself', async () => {
  const asked = desk([{ entries: [], next: 'c1' }, { entries: [], next: 'c2' }, { entries: [entry(3)], next: 'c3' }]);
  const log = new AuditLog(() => false);
  await log.load();
  expect([numbers(log), asked.length, log.more]).toEqual([[3], 3, true]);
});

test('a search that finds nothing for long stops and can be gone on with', async () => {
  const asked = desk(Array.from({ length: 50 }, (_, call) => ({ entries: [], next: `c${call}` })));
  const log = new AuditLog(() => false);
  await log.load();
  expect([numbers(log), asked.length, log.more]).toEqual([[], 20, true]);
});

test('a page that could not be loaded leaves what is there, and the place to go on', async () => {
  desk([{ entries: [entry(9)], next: 'c1' }]);
  const log = new AuditLog(() => false);
  await log.load();
  await log.older();
  expect([numbers(log), log.more, log.failed?.kind]).toEqual([[9], true, 'busy']);
});

test('only the newest filter answers', async () => {
  const waiting: ((response: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((answered) => waiting.push(answered)));
  const log = new AuditLog(() => false);
  const [first, second] = [log.load(), log.load()];
  waiting[1]!(Response.json({ entries: [entry(2)], next: null, chains }));
  await second;
  waiting[0]!(Response.json({ entries: [entry(1)], next: null, chains }));
  await first;
  expect(numbers(log)).toEqual([2]);
});
