import { expect, test } from 'vitest';
import { Refusal } from '../../../parts/call.ts';
import type { Answer } from '../api/client.ts';
import { Resource } from './resource.svelte.ts';

const down = new Refusal(503, 'busy', 'busy');

test('what is there stays while asking anew fails, and the failure is told', async () => {
  const answers: Answer<number>[] = [{ ok: true, value: 1 }, { ok: false, refusal: down }];
  const resource = new Resource<number>(() => Promise.resolve(answers.shift()!), () => false);
  await resource.load();
  await resource.load();
  expect([resource.value, resource.failed]).toEqual([1, down]);
});

test('an answer that was overtaken by a newer one is dropped', async () => {
  const waiting: ((answer: Answer<number>) => void)[] = [];
  const resource = new Resource<number>(() => new Promise((answered) => waiting.push(answered)), () => false);
  const [first, second] = [resource.load(), resource.load()];
  waiting[1]!({ ok: true, value: 2 });
  waiting[0]!({ ok: true, value: 1 });
  await Promise.all([first, second]);
  expect(resource.value).toBe(2);
});

test('what a command answered is not undone by a question asked before it', async () => {
  let answered: (answer: Answer<number>) => void = () => {};
  const resource = new Resource<number>(() => new Promise((done) => (answered = done)), () => false);
  const asked = resource.load();
  resource.set(7);
  answered({ ok: true, value: 1 });
  await asked;
  expect(resource.value).toBe(7);
});

test('a refusal that the page has dealt with is no failure here', async () => {
  const resource = new Resource<number>(() => Promise.resolve({ ok: false, refusal: down }), () => true);
  await resource.load();
  expect(resource.failed).toBeNull();
});
