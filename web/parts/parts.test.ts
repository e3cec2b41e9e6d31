import { expect, test, vi } from 'vitest';
import messages from '../../translations/en/chat.ftl';
import { call, Refusal } from './call.ts';
import { uuid } from './identity.ts';
import { words } from './words.ts';

test('a name made here is a UUIDv7 that carries its time', () => {
  const name = uuid(0x0123456789ab, (bytes) => bytes.fill(0xff));
  expect(name).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
});

test('a message is said with its variables set apart, and a missing one shows its id', () => {
  const t = words(messages);
  expect(t('typing', { agent: 'Dana' })).toBe('\u2068Dana\u2069 is typing');
  expect(t('no-such-message')).toBe('no-such-message');
});

const answer = (status: number, body: string, headers: Record<string, string> = {}) => vi.stubGlobal('fetch', () => Promise.resolve(new Response(status === 204 ? null : body, { status, headers })));
const refusalOf = (promise: Promise<unknown>) => promise.then(() => expect.unreachable(), (error: unknown) => error as Refusal);

test('a refusal tells kind, field, code and wait', async () => {
  answer(422, '{"kind":"invalid","title":"too long","field":"text","code":"length"}', { 'Retry-After': '7' });
  expect(await refusalOf(call('POST', '/x'))).toMatchObject({ status: 422, kind: 'invalid', field: 'text', code: 'length', wait: 7, passing: false });
});

test('a refusal without a problem document is judged by its status', async () => {
  answer(502, '<html>');
  expect(await refusalOf(call('GET', '/x'))).toMatchObject({ kind: 'busy', passing: true });
  answer(401, '');
  expect(await refusalOf(call('GET', '/x'))).toMatchObject({ kind: 'signed_out', passing: false });
});

test('no answer is a refusal that passes, and so is one that breaks off', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
  expect(await refusalOf(call('GET', '/x'))).toMatchObject({ status: 0, kind: 'unreachable', passing: true });
  answer(200, '{"half":');
  expect(await refusalOf(call('GET', '/x'))).toMatchObject({ kind: 'unreachable', passing: true });
});

test('an empty answer is no error', async () => {
  answer(204, '');
  expect(await call('POST', '/x')).toBeUndefined();
});
