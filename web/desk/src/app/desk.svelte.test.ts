// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client.ts';
import type { Session, Stage } from '../api/types.ts';
import { Refusal } from '../../../parts/call.ts';
import { conversation } from '../state/samples.ts';
import { Desk } from './desk.svelte.ts';

function session(over: Partial<Session> = {}): Session {
  return {
    agent: { id: 'a1', name: 'dana', display_name: 'Dana' },
    role: 'agent',
    permissions: [],
    session: 's1',
    site: { id: 'w1', brand: 'Northwind' },
    stage: 'ready',
    locked: false,
    waiting: 0,
    factors: { totp: true, passkeys: 0, recovery_codes_left: 10 },
    rules: {
      password: { profile: 'pci', min_length: 12, letters_and_digits: true, history: 4, changes_per_day: 2 },
      lock_after_minutes: 15,
      sign_out_after_minutes: 15,
    },
    last_input_at: Date.now(),
    ends_at: Date.now() + 3_600_000,
    locked_out_at: null,
    vault_origin: 'http://vault.example',
    enrolment: null,
    vault_up: true,
    vault_factor: true,
    forms_on: true,
    ...over,
  };
}

describe('the steps of a sign-in', () => {
  let desk: Desk;

  beforeEach(() => {
    vi.stubGlobal(
      'WebSocket',
      class extends EventTarget {
        close() {}
      },
    );
    vi.spyOn(api, 'session').mockResolvedValue({ ok: true, value: session() });
    vi.spyOn(api, 'lock').mockResolvedValue({ ok: true, value: undefined });
    desk = new Desk();
  });
  afterEach(() => {
    desk.over('self');
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const signIn = async (stage: Stage) => {
    vi.spyOn(api, 'login').mockResolvedValue({ ok: true, value: session({ stage }) });
    await desk.login('dana', 'quiet 7 lanterns');
  };

  test.each(['second_factor', 'new_password', 'set_up_factor'] as const)('%s stands before the workspace', async (stage) => {
    await signIn(stage);
    expect(desk.phase).toBe('signing-in');
    desk.accept(session());
    expect(desk.phase).toBe('ready');
  });

  test('a password that may have to be changed is kept until that is done, and no longer', async () => {
    await signIn('new_password');
    expect(desk.typed).toBe('quiet 7 lanterns');
    desk.accept(session({ stage: 'set_up_factor' }));
    expect(desk.typed).toBeNull();
    await signIn('second_factor');
    desk.over('self');
    expect(desk.typed).toBeNull();
    await signIn('ready');
    expect(desk.typed).toBeNull();
  });

  test('a lock takes everything off the page and keeps what was being written', async () => {
    await signIn('ready');
    desk.model.conversations['c1'] = conversation('c1');
    desk.drafts['c1'] = 'half a thought';
    desk.sheet = 'account';
    desk.notices.bad('Alex is angry');
    await desk.lock();
    expect(desk.phase).toBe('locked');
    expect(desk.model.conversations).toEqual({});
    expect([desk.sheet, desk.notices.shown]).toEqual([null, []]);
    desk.accept(session());
    expect(desk.phase).toBe('ready');
    expect(desk.drafts['c1']).toBe('half a thought');
  });

  test('the end leaves nothing, and says why', async () => {
    await signIn('ready');
    desk.drafts['c1'] = 'half a thought';
    desk.over('deactivated');
    expect([desk.phase, desk.session, desk.signedOutBy, desk.drafts]).toEqual(['signed-out', null, 'deactivated', {}]);
  });

  test('refusals that change the page are told from those that do not', async () => {
    await signIn('ready');
    expect(desk.signedOut(new Refusal(401, 'wrong_code', 'x'))).toBe(false);
    expect(desk.signedOut(new Refusal(429, 'locked', 'x'))).toBe(false);
    expect(desk.signedOut(new Refusal(403, 'not_allowed', 'x'))).toBe(false);
    expect(desk.phase).toBe('ready');
    expect(desk.signedOut(new Refusal(423, 'locked', 'x'))).toBe(true);
    expect(desk.phase).toBe('locked');
    expect(desk.signedOut(new Refusal(401, 'signed_out', 'x'))).toBe(true);
    expect(desk.phase).toBe('signed-out');
  });

  test('what a person may do follows the session', async () => {
    await signIn('ready');
    expect(desk.may('read_audit')).toBe(false);
    desk.accept(session({ permissions: ['read_audit'] }));
    expect(desk.may('read_audit')).toBe(true);
  });
});
