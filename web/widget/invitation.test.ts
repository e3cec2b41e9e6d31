import { describe, expect, test } from 'vitest';
import type { Entry, Invitation, Status } from '../api/types.ts';
import { cardState, invitations, isClosed, step, type CardState, type Circumstances, type Phase } from './invitation.ts';

const invitation = (over: Partial<Invitation> = {}): Invitation => ({
  id: 'i1',
  form: 'hash-card',
  title: 'Card payment',
  description: null,
  reference: '7F3K',
  channel: 'web',
  expires_at: 1000,
  status: 'sent',
  since: 10,
  agent: { display_name: 'Dana' },
  mine: false,
  times: {},
  ...over,
});
const base = { at: 0, conversation: 'c1' };
const sent = (sequence: number, over: Partial<Invitation> = {}): Entry => ({ ...base, sequence, kind: 'invitation', invitation: invitation(over) });
const became = (sequence: number, status: Status, since: number, expires_at?: number): Entry => ({
  ...base,
  sequence,
  kind: 'status',
  invitation: 'i1',
  status,
  since,
  ...(expires_at === undefined ? {} : { expires_at }),
});

describe('reading invitations out of the entries', () => {
  test('the last status counts', () => {
    const known = invitations([sent(1), became(2, 'received', 11), became(3, 'viewed', 12, 500)]).get('i1');
    expect(known).toMatchObject({ status: 'viewed', since: 12, expires: 500 });
  });

  test('statuses that the invitation already came with do not set it back', () => {
    const known = invitations([sent(1, { status: 'viewed', since: 12, expires_at: 500 }), became(2, 'received', 11), became(3, 'viewed', 12)]).get('i1');
    expect(known).toMatchObject({ status: 'viewed', since: 12, expires: 500 });
  });

  test('once viewed, the clock of the first click no longer counts', () => {
    expect(invitations([sent(1), became(2, 'viewed', 12)]).get('i1')?.expires).toBeNull();
  });

  test('statuses of one invitation leave another alone', () => {
    const known = invitations([sent(1), sent(2, { id: 'i2' }), became(3, 'viewed', 12)]);
    expect(known.get('i2')?.status).toBe('sent');
  });

  test('starts again when it is issued anew', () => {
    const before = [sent(1), became(2, 'viewed', 12, 500), { ...base, sequence: 3, kind: 'asked', invitation: 'i1' } as Entry];
    const known = invitations([...before, became(4, 'sent', 13, 900)]).get('i1');
    expect(known).toMatchObject({ status: 'sent', since: 13, expires: 900, viewed: false, asked: false });
    expect(invitations([...before, became(4, 'sent', 12, 900)]).get('i1')).toMatchObject({ viewed: true, asked: true });
  });

  test('a status of an unknown invitation changes nothing', () => {
    expect(invitations([became(3, 'viewed', 12)]).size).toBe(0);
  });

  test('remembers that a new form was asked for', () => {
    expect(invitations([sent(1), { ...base, sequence: 2, kind: 'asked', invitation: 'i1' }]).get('i1')?.asked).toBe(true);
  });
});

describe('the steps of a form on this device', () => {
  const walk = (...occurrences: Parameters<typeof step>[1][]): Phase => occurrences.reduce<Phase>(step, { at: 'idle' });

  test('click, shown, closed: it may come back', () => {
    expect(walk('click', 'shown')).toEqual({ at: 'shown' });
    expect(walk('click', 'shown', 'closed')).toEqual({ at: 'idle' });
    expect(walk('click', 'shown', 'closed', 'click', 'shown')).toEqual({ at: 'shown' });
  });

  test('what goes wrong before the form is there says which way', () => {
    expect(walk('click', 'unreachable')).toEqual({ at: 'failed', why: 'load' });
    expect(walk('click', 'busy')).toEqual({ at: 'failed', why: 'busy' });
    expect(walk('click', 'taken')).toEqual({ at: 'elsewhere' });
    expect(walk('click', 'unreachable', 'click', 'shown')).toEqual({ at: 'shown' });
  });

  test('a form that is late but comes is shown', () => {
    expect(walk('click', 'unreachable', 'shown')).toEqual({ at: 'shown' });
  });

  test('a late failure does not take away a form that is there', () => {
    expect(walk('click', 'shown', 'unreachable')).toEqual({ at: 'shown' });
    expect(walk('click', 'shown', 'taken')).toEqual({ at: 'shown' });
  });

  test('sent is final: neither a click nor a close nor a decline undoes it', () => {
    expect(walk('click', 'shown', 'sent', 'closed')).toEqual({ at: 'sent' });
    expect(walk('click', 'shown', 'sent', 'click')).toEqual({ at: 'sent' });
    expect(walk('click', 'shown', 'sent', 'declined')).toEqual({ at: 'sent' });
  });
});

describe('the card', () => {
  const card = (over: Partial<Omit<Circumstances, 'known'>> & { status?: Status; expires?: number | null } = {}): CardState =>
    cardState({
      known: { status: over.status ?? 'sent', expires: over.expires === undefined ? 1000 : over.expires },
      phase: over.phase ?? { at: 'idle' },
      place: over.place,
      online: over.online ?? true,
      now: over.now ?? 100,
    });

  test('is ready from the send to the first click', () => {
    expect(card({ status: 'sent' })).toBe('ready');
    expect(card({ status: 'received' })).toBe('ready');
  });

  test('tells the device that opened the form from any other', () => {
    expect(card({ status: 'viewed', place: 'frame' })).toBe('open_here');
    expect(card({ status: 'viewed' })).toBe('open_elsewhere');
    expect(card({ phase: { at: 'elsewhere' } })).toBe('open_elsewhere');
  });

  test('offers no way back where the browser cannot bring the form back', () => {
    expect(card({ status: 'viewed', place: 'tab' })).toBe('open_in_tab');
    expect(card({ status: 'viewed', place: 'once' })).toBe('lost');
    expect(card({ status: 'viewed', place: 'once', phase: { at: 'shown' } })).toBe('open_here');
  });

  test('says offline only where there is something to press', () => {
    expect(card({ online: false })).toBe('offline');
    expect(card({ online: false, status: 'submitted' })).toBe('submitted');
    expect(card({ online: false, phase: { at: 'shown' } })).toBe('open_here');
  });

  test('what is over stays over, whatever this device does', () => {
    for (const status of ['submitted', 'expired', 'cancelled', 'declined', 'failed'] as const) {
      expect(card({ status, phase: { at: 'opening' }, place: 'frame' })).toBe(status);
    }
    expect(card({ status: 'read' })).toBe('submitted');
  });

  test('offers no button after the clock has run out, before the desk says so', () => {
    expect(card({ now: 999 })).toBe('ready');
    expect(card({ now: 1000 })).toBe('expired');
    expect(card({ now: 5000, expires: null, status: 'viewed', place: 'frame' })).toBe('open_here');
  });

  test('shows what the form itself said before the desk has', () => {
    expect(card({ status: 'viewed', phase: { at: 'sent' } })).toBe('submitted');
    expect(card({ status: 'viewed', phase: { at: 'declined' } })).toBe('declined');
  });

  test('loses its tint when nothing was sent and nothing will be', () => {
    expect((['expired', 'cancelled', 'declined', 'failed'] as const).every(isClosed)).toBe(true);
    expect((['ready', 'submitted', 'open_here', 'offline'] as const).some(isClosed)).toBe(false);
  });
});
