import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api, type Answer } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { Refusal } from '../../../parts/call.ts';
import type { Desk } from './desk.svelte.ts';
import { Locked } from './locked.svelte.ts';

const refused = (status: number, kind: ConstructorParameters<typeof Refusal>[1], code?: string) =>
  ({ ok: false, refusal: new Refusal(status, kind, kind, code === undefined ? {} : { code }) }) as const;
const session = (locked: boolean) => ({ ok: true, value: { locked } as Session }) as const;

describe('a locked session', () => {
  let desk: { accept: ReturnType<typeof vi.fn>; over: ReturnType<typeof vi.fn> };
  let locked: Locked;
  let told: ReturnType<typeof vi.spyOn>;
  let answer: Answer<Session>;
  const settle = () => vi.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', vi.fn());
    vi.stubGlobal('removeEventListener', vi.fn());
    desk = { accept: vi.fn(), over: vi.fn() };
    told = vi.spyOn(api, 'lock').mockResolvedValue({ ok: true, value: undefined });
    vi.spyOn(api, 'session').mockImplementation(() => Promise.resolve(answer));
    answer = session(true);
    locked = new Locked(desk as unknown as Desk);
  });
  afterEach(() => {
    locked.end();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test('is asked after, and opens here when it was unlocked elsewhere', async () => {
    locked.begin(false);
    await settle();
    expect(desk.accept).toHaveBeenLastCalledWith({ locked: true });
    expect(told).not.toHaveBeenCalled();
    answer = session(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(desk.accept).toHaveBeenLastCalledWith({ locked: false });
  });

  test('stays locked here until the desk has heard of it', async () => {
    told.mockResolvedValue(refused(0, 'unreachable'));
    answer = session(false);
    locked.begin(true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(desk.accept).not.toHaveBeenCalled();
    told.mockResolvedValue({ ok: true, value: undefined });
    answer = session(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(desk.accept).toHaveBeenCalledWith({ locked: true });
  });

  test('that is over says why', async () => {
    answer = refused(401, 'signed_out', 'ended_by_admin');
    locked.begin(false);
    await settle();
    expect(desk.over).toHaveBeenCalledWith('ended_by_admin');
  });

  test('that is over without a reason ended because nobody came back', async () => {
    answer = refused(401, 'signed_out');
    locked.begin(false);
    await settle();
    expect(desk.over).toHaveBeenCalledWith('idle');
  });

  test('is not asked after once it is open', async () => {
    locked.begin(false);
    await settle();
    locked.end();
    desk.accept.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(desk.accept).not.toHaveBeenCalled();
  });
});
