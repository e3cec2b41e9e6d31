import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../parts/call.ts';
import { prove } from './captcha.ts';
import { Proving } from './proving.ts';

vi.mock('./captcha.ts', () => ({ prove: vi.fn() }));

const failed = (captcha: boolean) => new Refusal(401, 'login_failed', 'wrong', { document: { captcha } });
const wanted = new Refusal(401, 'captcha', 'prove it');

describe('a try at a password', () => {
  let sent: (string | undefined)[];
  let waits: boolean[];
  let proving: Proving;
  /** Answers each try with the next of these. */
  const desk = (...answers: (Refusal | null)[]) => (captcha?: string) => {
    sent.push(captcha);
    return Promise.resolve(answers.shift() ?? null);
  };

  beforeEach(() => {
    sent = [];
    waits = [];
    proving = new Proving((now) => waits.push(now));
    vi.mocked(prove).mockReset();
    vi.mocked(prove).mockResolvedValueOnce('proof 1').mockResolvedValueOnce('proof 2');
  });

  test('goes without a proof as long as none is asked for', async () => {
    expect(await proving.try(desk(failed(false)))).toMatchObject({ kind: 'login_failed' });
    expect(await proving.try(desk(null))).toBeNull();
    expect(sent).toEqual([undefined, undefined]);
    expect(prove).not.toHaveBeenCalled();
  });

  test('carries the proof that was made while the person wrote', async () => {
    await proving.try(desk(failed(true)));
    await vi.waitFor(() => expect(prove).toHaveBeenCalledTimes(1));
    expect(await proving.try(desk(null))).toBeNull();
    expect(sent).toEqual([undefined, 'proof 1']);
    expect(waits).toEqual([true, false]);
  });

  test('is sent again by itself when the desk asks for a proof only then', async () => {
    expect(await proving.try(desk(wanted, null))).toBeNull();
    expect(sent).toEqual([undefined, 'proof 1']);
  });

  test('uses no proof twice, and makes a new one where the first came too late', async () => {
    await proving.try(desk(failed(true)));
    expect(await proving.try(desk(wanted, null))).toBeNull();
    expect(sent).toEqual([undefined, 'proof 1', 'proof 2']);
  });

  test('is not sent for ever', async () => {
    expect(await proving.try(desk(wanted, wanted, null))).toMatchObject({ kind: 'captcha' });
    expect(sent).toHaveLength(2);
  });

  test('goes on without one where the machine found none: the desk decides', async () => {
    vi.mocked(prove).mockReset();
    vi.mocked(prove).mockRejectedValue(new Error('no worker here'));
    await proving.try(desk(failed(true)));
    expect(await proving.try(desk(wanted, wanted))).toMatchObject({ kind: 'captcha' });
    expect(sent).toEqual([undefined, undefined, undefined]);
  });
});
