import { describe, expect, test } from 'vitest';
import { countdown, Hand, idleness, isSaid, reportEvery } from './idle.ts';
import { MINUTE, MORNING } from './samples.ts';

describe('a hand on the machine', () => {
  const move = (screenX: number, screenY: number) => ({ type: 'pointermove', isTrusted: true, screenX, screenY });

  test('is a key, a press, a touch, a wheel', () => {
    for (const type of ['keydown', 'pointerdown', 'touchstart', 'wheel', 'click']) {
      expect(new Hand().did({ type, isTrusted: true })).toBe(true);
    }
  });

  test('is a pointer that moves, not a page that moves under it', () => {
    const hand = new Hand();
    expect(hand.did(move(10, 10))).toBe(false);
    expect(hand.did(move(10, 10))).toBe(false);
    expect(hand.did(move(11, 10))).toBe(true);
    expect(hand.did(move(11, 10))).toBe(false);
  });

  test('is never a script', () => {
    const hand = new Hand();
    expect(hand.did({ type: 'keydown', isTrusted: false })).toBe(false);
    expect(hand.did({ ...move(1, 1), isTrusted: false })).toBe(false);
    expect(hand.did({ ...move(2, 2), isTrusted: false })).toBe(false);
  });
});

describe('a page without input', () => {
  const after = (milliseconds: number, minutes: number | null = 15) => idleness(MORNING, MORNING + milliseconds, minutes);

  test('warns a minute before it locks', () => {
    expect(after(0)).toEqual({ kind: 'active' });
    expect(after(14 * MINUTE - 1)).toEqual({ kind: 'active' });
    expect(after(14 * MINUTE)).toEqual({ kind: 'warning', left: MINUTE });
    expect(after(15 * MINUTE - 1)).toEqual({ kind: 'warning', left: 1 });
    expect(after(15 * MINUTE)).toEqual({ kind: 'over' });
  });

  test('warns for half of a lock that comes after a minute', () => {
    expect(after(30_000 - 1, 1)).toEqual({ kind: 'active' });
    expect(after(30_000, 1)).toEqual({ kind: 'warning', left: 30_000 });
  });

  test('locks when the machine slept past the time', () => {
    expect(after(9 * 60 * MINUTE)).toEqual({ kind: 'over' });
  });

  test('stays open where nothing locks', () => {
    expect(after(9 * 60 * MINUTE, null)).toEqual({ kind: 'active' });
  });
});

test('the desk hears of input often enough for the shortest lock', () => {
  expect(reportEvery(15)).toBe(15_000);
  expect(reportEvery(1)).toBe(5_000);
});

test('a countdown ends at nought', () => {
  expect(countdown(852_000)).toBe('14:12');
  expect(countdown(59_001)).toBe('1:00');
  expect(countdown(1)).toBe('0:01');
  expect(countdown(-5_000)).toBe('0:00');
});

test('a countdown is said now and then, not each second', () => {
  const said = Array.from({ length: 181 }, (_, second) => second).filter((second) => isSaid(second * 1_000));
  expect(said).toEqual([10, 30, 60, 120, 180]);
});
