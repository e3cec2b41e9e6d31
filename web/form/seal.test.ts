// The form's sealing as it runs in a visitor's page, against the library's own other end. That the vault opens the same is
// tried in Chromium, and by its tests with recorded bytes; what the vault's library sealed is opened here.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const invitation = '019a0000-0000-7000-8000-000000000001';
const otk = 'A'.repeat(43);
const bytes = (text: string) => new TextEncoder().encode(text);
const encoded = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('base64url');

type Sent = { otk: string; key: string; sealed: string };
let sent: Sent[];
let offered: number;
let moves: string[];
let keys: { id: string; pair: CryptoKeyPair }[];
let answers: Response[];

/** What the vault makes of it. */
async function opened({ key, sealed, otk }: Sent): Promise<unknown> {
  const whole = Buffer.from(sealed, 'base64url');
  const recipient = await suite.createRecipientContext({
    recipientKey: keys.find(({ id }) => id === key)!.pair.privateKey,
    enc: new Uint8Array(whole.subarray(0, 65)).buffer,
    info: bytes(`aside form 1\n${location.origin}\n${key}`),
  });
  const clear = await recipient.open(new Uint8Array(whole.subarray(65)), bytes(`${invitation}\n${otk}`));
  return JSON.parse(new TextDecoder().decode(clear));
}

function problem(kind: string, status: number): Response {
  return new Response(JSON.stringify({ kind }), { status, headers: { 'content-type': 'application/problem+json' } });
}

const redirected = () => ({ type: 'opaqueredirect', status: 0 }) as Response;

async function page(): Promise<HTMLFormElement> {
  // A document without a realm of its own: what seals takes Node's own bytes.
  const { window } = new JSDOM(`<form id="form" method="post" action="/form/${invitation}">
    <input type="hidden" name="otk" value="${otk}">
    <input name="q-number" value="4111 1111 1111 1111"><input name="q-name" value="Zoë &quot;O'Neil&quot;"><input name="q-cvv" value=""></form>`, { url: 'https://vault.example/form/1' });
  for (const name of ['document', 'FormData', 'Event'] as const) vi.stubGlobal(name, window[name]);
  window.HTMLFormElement.prototype.submit = function submit() {
    moves.push(`post ${[...new window.FormData(this).keys()].join(' ')}`);
  };
  vi.resetModules();
  await import('./seal.js');
  return window.document.querySelector('form')!;
}

/** Presses the button; answers whether the browser would have posted the fields by itself. */
const pressed = (form: HTMLFormElement) => form.dispatchEvent(new Event('submit', { cancelable: true }));

beforeEach(async () => {
  [sent, offered, moves, answers] = [[], 0, [], []];
  keys = await Promise.all(['k1', 'k2', 'k3', 'k4'].map(async (id) => ({ id, pair: await suite.kem.generateKeyPair() })));
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (path === '/form/key') {
      const { id, pair } = keys[offered++]!;
      return Response.json({ id, key: encoded(await suite.kem.serializePublicKey(pair.publicKey)) });
    }
    sent.push(Object.fromEntries(init!.body as URLSearchParams) as Sent);
    return answers.shift() ?? redirected();
  });
  vi.stubGlobal('location', { origin: 'https://vault.example', replace: (to: string) => moves.push(to) });
});

afterEach(() => vi.unstubAllGlobals());

test('what was typed goes out sealed for this form, and nothing of it beside', async () => {
  const form = await page();
  expect(pressed(form)).toBe(false);
  await vi.waitFor(() => expect(moves).toHaveLength(1));
  expect(moves[0]).toMatch(new RegExp(`/form/${invitation}/sent$`));
  expect(Object.keys(sent[0]!)).toEqual(['otk', 'key', 'sealed']);
  expect(await opened(sent[0]!)).toEqual({ 'q-number': '4111 1111 1111 1111', 'q-name': 'Zoë "O\'Neil"', 'q-cvv': '' });
  expect(JSON.stringify(sent)).not.toContain('4111');
  await expect(opened({ ...sent[0]!, otk: 'B'.repeat(43) })).rejects.toThrow();
});

test('a key that the vault no longer knows is fetched anew, and the same is sealed again', async () => {
  answers = [problem('unknown_key', 409)];
  const form = await page();
  pressed(form);
  await vi.waitFor(() => expect(moves).toHaveLength(1));
  expect(sent.map(({ key }) => key)).toEqual(['k1', 'k2']);
  expect(await opened(sent[1]!)).toEqual(await opened(sent[0]!));
});

test('a vault that never knows its own keys, is too busy or away leaves everything where it stands', async () => {
  const ways: (() => void)[] = [
    () => (answers = [1, 2, 3].map(() => problem('unknown_key', 409))),
    () => (answers = [problem('busy', 503)]),
    () => (answers = [problem('busy', 429)]),
    () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away'))),
  ];
  for (const way of ways) {
    [sent, offered] = [[], 0];
    way();
    const form = await page();
    const unsent = new Promise((told) => form.addEventListener('unsent', told));
    pressed(form);
    await unsent;
    expect(moves).toEqual([]);
    expect((form.elements.namedItem('q-number') as HTMLInputElement).value).toBe('4111 1111 1111 1111');
  }
});

test('a page that the vault answers with is shown by posting the same sealed fields', async () => {
  for (const status of [422, 410, 409, 200]) {
    [moves, sent, offered] = [[], [], 0];
    answers = [new Response('<!doctype html>', { status, headers: { 'content-type': 'text/html' } })];
    pressed(await page());
    await vi.waitFor(() => expect(moves).toEqual(['post otk key sealed']));
  }
});

test('without a key to seal to, and longer than the vault opens, the fields go as they are', async () => {
  vi.stubGlobal('fetch', async () => problem('busy', 503));
  pressed(await page());
  await vi.waitFor(() => expect(moves).toEqual(['post otk q-number q-name q-cvv']));
});

test('a post that the page itself holds back is not sealed either', async () => {
  const form = await page();
  const press = new Event('submit', { cancelable: true });
  press.preventDefault();
  form.dispatchEvent(press);
  await Promise.resolve();
  expect([offered, moves]).toEqual([0, []]);
});

test('what the vault’s library sealed opens here, for its own form alone', async () => {
  const file = new URL('../../crates/vault/http/src/sealing/sealed_here.json', import.meta.url);
  const shown = JSON.parse(readFileSync(file, 'utf8')) as Record<'seed' | 'id' | 'key' | 'origin' | 'invitation' | 'submit' | 'sealed' | 'clear', string>;
  const decoded = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  const { privateKey, publicKey } = await suite.kem.deriveKeyPair(decoded(shown.seed).buffer);
  expect(encoded(await suite.kem.serializePublicKey(publicKey))).toBe(shown.key);
  const whole = decoded(shown.sealed);
  const open = async (id: string, invitation: string, submit: string) => {
    const info = bytes(`aside form 1\n${shown.origin}\n${id}`);
    const recipient = await suite.createRecipientContext({ recipientKey: privateKey, enc: whole.slice(0, 65).buffer, info });
    return new TextDecoder().decode(await recipient.open(whole.slice(65), bytes(`${invitation}\n${submit}`)));
  };
  expect(await open(shown.id, shown.invitation, shown.submit)).toBe(shown.clear);
  await expect(open('another', shown.invitation, shown.submit)).rejects.toThrow();
  await expect(open(shown.id, invitation, shown.submit)).rejects.toThrow();
  await expect(open(shown.id, shown.invitation, otk)).rejects.toThrow();
});
