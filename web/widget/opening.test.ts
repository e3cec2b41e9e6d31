// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Opening as Key } from '../api/visitor.ts';
import { Refusal } from '../parts/call.ts';
import type { Occurrence } from './invitation.ts';
import { occurrenceOf, Opening, PATIENCE } from './opening.ts';

const VAULT = 'http://vault.test';

describe('bringing a form into the frame', () => {
  let frame: HTMLIFrameElement;
  let occurred: Occurrence[];
  let minted: number;
  let posted: { action: string; target: string; otk: string }[];
  let answer: () => Promise<Key>;
  let heights: number[];
  let kept: boolean[];
  let chosen: number;
  let opening: Opening;

  const says = (data: unknown, from: { origin?: string; source?: Window | null } = {}) =>
    dispatchEvent(new MessageEvent('message', { data, origin: from.origin ?? VAULT, source: from.source === undefined ? frame.contentWindow : from.source }));
  const settle = () => vi.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = '<iframe name="aside-form"></iframe>';
    frame = document.querySelector('iframe') as HTMLIFrameElement;
    occurred = [];
    minted = 0;
    posted = [];
    heights = [];
    kept = [];
    chosen = 0;
    answer = () => Promise.resolve({ key: 'k1', action: `${VAULT}/open`, form: `${VAULT}/form/i1` });
    HTMLFormElement.prototype.submit = function submit(this: HTMLFormElement) {
      posted.push({ action: this.action, target: this.target, otk: String(new FormData(this).get('otk')) });
    };
    opening = new Opening({
      frame,
      vault: VAULT,
      mint: () => {
        minted += 1;
        return answer();
      },
      occur: (occurrence) => occurred.push(occurrence),
      placed: (may) => kept.push(may),
      grow: (pixels) => heights.push(pixels),
      choose: () => (chosen += 1),
    });
  });
  afterEach(() => {
    opening.stop();
    vi.useRealTimers();
  });

  test('mints no key before the vault’s frame has answered', () => {
    opening.begin();
    expect(frame.src).toBe(`${VAULT}/begin`);
    expect(minted).toBe(0);
  });

  test('posts the key into the frame, and leaves it neither in an address nor in the page', async () => {
    opening.begin();
    says({ aside: 'ready' });
    await settle();
    expect(posted).toEqual([{ action: `${VAULT}/open`, target: 'aside-form', otk: 'k1' }]);
    expect(frame.src).not.toContain('k1');
    expect(document.documentElement.outerHTML).not.toContain('k1');
    says({ aside: 'opened', invitation: 'i1', kept: false });
    expect(occurred).toEqual(['shown']);
    expect(kept).toEqual([false]);
  });

  test('a form that opens once is never one to come back to, whatever the browser keeps', async () => {
    opening.begin();
    says({ aside: 'ready' });
    await settle();
    says({ aside: 'opened', invitation: 'i1', kept: true, once: true });
    expect(kept).toEqual([false]);
  });

  test('believes nobody but this frame at the vault’s exact origin', async () => {
    opening.begin();
    says({ aside: 'ready' }, { origin: 'http://vault.test.evil.test' });
    says({ aside: 'ready' }, { origin: 'null' });
    says({ aside: 'ready' }, { source: window });
    says({ aside: 'ready' }, { source: null });
    says({ aside: 'sent' }, { origin: 'http://chat.test' });
    await settle();
    expect(minted).toBe(0);
    expect(occurred).toEqual([]);
  });

  test('sends no key to an address that is not the vault’s', async () => {
    for (const action of ['http://evil.test/open', 'http://vault.test:81/open', 'javascript:alert(1)', '']) {
      answer = () => Promise.resolve({ key: 'k1', action, form: '' });
      opening.begin();
      says({ aside: 'ready' });
      await settle();
    }
    expect(posted).toEqual([]);
    expect(occurred).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  test('gives up when the frame stays silent', () => {
    opening.begin();
    vi.advanceTimersByTime(PATIENCE.ready - 1);
    expect(occurred).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(occurred).toEqual(['unreachable']);
  });

  test('gives up when the form does not come after the post', async () => {
    opening.begin();
    says({ aside: 'ready' });
    await settle();
    vi.advanceTimersByTime(PATIENCE.form);
    expect(occurred).toEqual(['unreachable']);
  });

  test('one answer of the frame mints one key', async () => {
    opening.begin();
    says({ aside: 'ready' });
    says({ aside: 'ready' });
    await settle();
    expect(minted).toBe(1);
  });

  test('a key that comes after the sheet was closed goes nowhere', async () => {
    opening.begin();
    says({ aside: 'ready' });
    opening.stop();
    await settle();
    expect(posted).toEqual([]);
  });

  test('asks before a key is minted where the frame keeps no cookie', async () => {
    opening.begin();
    says({ aside: 'ready', cookies: false });
    await settle();
    expect([chosen, minted]).toEqual([1, 0]);
    await opening.go('tab');
    expect(posted.map(({ target }) => target)).toEqual(['_blank']);
  });

  test('a vault that cannot just now says why, and anything else that it refuses with did not load', async () => {
    for (const kind of ['full', 'sealed', 'busy', 'expired', 'constructor', undefined]) {
      opening.begin();
      says({ aside: 'ready' });
      await settle();
      says({ aside: 'refused', kind });
    }
    expect(occurred).toEqual(['full', 'sealed', 'busy', 'refused', 'refused', 'refused']);
  });

  test('goes back to an open form without any key', () => {
    opening.resume('i1');
    expect(frame.src).toBe(`${VAULT}/form/i1`);
    says({ aside: 'opened' });
    expect(minted).toBe(0);
    expect(occurred).toEqual(['shown']);
  });

  test('takes no height that is none', () => {
    opening.resume('i1');
    for (const px of [400, -1, 0, Number.NaN, 1e9, '300', null]) says({ aside: 'height', px });
    expect(heights).toEqual([400]);
  });
});

test('what the desk refuses becomes what the card says', () => {
  expect(occurrenceOf(new Refusal(0, 'unreachable', ''))).toBe('unreachable');
  expect(occurrenceOf(new Refusal(503, 'vault_down', ''))).toBe('busy');
  expect(occurrenceOf(new Refusal(503, 'vault_full', ''))).toBe('full');
  expect(occurrenceOf(new Refusal(503, 'vault_sealed', ''))).toBe('sealed');
  expect(occurrenceOf(new Refusal(429, 'busy', ''))).toBe('busy');
  expect(occurrenceOf(new Refusal(409, 'wrong_state', ''))).toBe('taken');
  expect(occurrenceOf(new Refusal(410, 'used', ''))).toBe('taken');
  expect(occurrenceOf(new Refusal(410, 'expired', ''))).toBe('refused');
  expect(occurrenceOf(new Error('x'))).toBe('refused');
});
