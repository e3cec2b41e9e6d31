import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client.ts';
import { Refusal } from '../../../parts/call.ts';
import { MINUTE, MORNING } from '../state/samples.ts';
import type { Desk } from './desk.svelte.ts';
import { Presence } from './presence.svelte.ts';

describe('somebody at the page', () => {
  let desk: { session: unknown; phase: string; lock: ReturnType<typeof vi.fn>; signedOut: ReturnType<typeof vi.fn> };
  let presence: Presence;
  let reported: ReturnType<typeof vi.spyOn>;

  beforeEach(() => {
    desk = {
      session: { session: 's1', rules: { lock_after_minutes: 15, sign_out_after_minutes: 15 } },
      phase: 'ready',
      lock: vi.fn(),
      signedOut: vi.fn(),
    };
    reported = vi.spyOn(api, 'input').mockResolvedValue({ ok: true, value: undefined });
    presence = new Presence(desk as unknown as Desk);
    presence.begin(0, MORNING);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('is told to the desk at once, and then every quarter of a minute', () => {
    presence.input(MORNING + 1_000);
    presence.input(MORNING + 2_000);
    presence.input(MORNING + 15_999);
    expect(reported).toHaveBeenCalledTimes(1);
    presence.input(MORNING + 16_000);
    expect(reported).toHaveBeenCalledTimes(2);
  });

  test('is told nothing of while the page is locked, or nothing locks it', () => {
    desk.phase = 'locked';
    presence.input(MORNING);
    desk.phase = 'ready';
    desk.session = { session: 's1', rules: { lock_after_minutes: null } };
    presence.input(MORNING);
    expect(reported).not.toHaveBeenCalled();
  });

  test('warns, goes on with the next input, and locks without', () => {
    presence.tick(MORNING + 14 * MINUTE);
    expect(presence.left).toBe(MINUTE);
    presence.input(MORNING + 14 * MINUTE + 1_000);
    expect(presence.left).toBeNull();
    presence.tick(MORNING + 28 * MINUTE);
    expect(desk.lock).not.toHaveBeenCalled();
    presence.tick(MORNING + 29 * MINUTE + 1_000);
    expect(desk.lock).toHaveBeenCalledTimes(1);
  });

  test('counts from when the desk last heard, not from when the page was loaded', () => {
    presence.begin(14 * MINUTE + 30_000, MORNING);
    presence.tick(MORNING);
    expect(presence.left).toBe(30_000);
  });

  test('is not believed when it comes after the lock: the desk says so', async () => {
    const locked = new Refusal(423, 'locked', 'locked');
    reported.mockResolvedValue({ ok: false, refusal: locked });
    presence.input(MORNING);
    await vi.waitFor(() => expect(desk.signedOut).toHaveBeenCalledWith(locked));
  });
});
