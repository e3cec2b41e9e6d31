import { describe, expect, test } from 'vitest';
import { emptyModel } from './model.ts';
import { applyEntry, applyFrame, applyList, applyPage, fadeTyping, markRead, TYPING_MS } from './reduce.ts';
import { asked, conversation, invited, message, MORNING, status } from './samples.ts';

const opened = (...entries: Parameters<typeof applyEntry>[1][]) => {
  const model = emptyModel();
  applyPage(model, { conversation: conversation('c1'), entries, more: false });
  return model;
};
const sequences = (model: ReturnType<typeof emptyModel>) =>
  model.transcripts.c1?.entries.map((entry) => entry.sequence);

describe('a transcript', () => {
  test('holds each entry once, however often it comes', () => {
    const model = opened(message(1), message(2));
    expect(applyEntry(model, message(3))).toBe(true);
    expect(applyEntry(model, message(3))).toBe(false);
    applyPage(model, { conversation: conversation('c1'), entries: [message(2), message(3)], more: false });
    expect(sequences(model)).toEqual([1, 2, 3]);
  });

  test('stands in the order of the sequence, not of arrival', () => {
    const model = opened(message(2));
    applyEntry(model, message(5));
    applyEntry(model, message(3));
    applyEntry(model, message(1));
    expect(sequences(model)).toEqual([1, 2, 3, 5]);
  });

  test('knows of older entries only from its oldest page', () => {
    const model = emptyModel();
    applyPage(model, { conversation: conversation('c1'), entries: [message(10)], more: true });
    expect(model.transcripts.c1?.more).toBe(true);
    applyPage(model, { conversation: conversation('c1'), entries: [message(1)], more: false });
    expect(model.transcripts.c1?.more).toBe(false);
    // The newest page again, after a lost connection: it says more, but that is about what is known already.
    applyPage(model, { conversation: conversation('c1'), entries: [message(10), message(11)], more: true });
    expect(model.transcripts.c1?.more).toBe(false);
    expect(sequences(model)).toEqual([1, 10, 11]);
  });

  test('that nobody has opened is not begun by news from its middle', () => {
    const model = emptyModel();
    applyEntry(model, message(7));
    expect(model.transcripts.c1).toBeUndefined();
  });

  test('loses nothing that came while it was being loaded', () => {
    const model = emptyModel();
    applyEntry(model, message(1));
    applyEntry(model, status(4, 'viewed'));
    applyEntry(model, message(5));
    // The page was written before entries 4 and 5 were.
    applyPage(model, { conversation: conversation('c1'), entries: [message(1), invited(2)], more: false });
    expect(sequences(model)).toEqual([1, 2, 4, 5]);
    expect(model.invitations.i1?.status).toBe('viewed');
    expect(model.early).toEqual({});
  });

  test('is not told again what its page already holds', () => {
    const model = emptyModel();
    applyEntry(model, asked(2));
    applyPage(model, { conversation: conversation('c1'), entries: [invited(1), asked(2), message(3)], more: false });
    expect(model.invitations.i1?.asked).toBe(false);
  });
});

describe('an invitation', () => {
  test('moves with its statuses and keeps the time of each', () => {
    const model = opened(invited(1));
    applyEntry(model, status(2, 'received'));
    applyEntry(model, status(3, 'viewed', { expires_at: MORNING + 1_800_000 }));
    applyEntry(model, status(4, 'submitted'));
    const known = model.invitations.i1;
    expect(known?.status).toBe('submitted');
    expect(known?.expires_at).toBe(MORNING + 1_800_000);
    expect(known?.times).toEqual({
      sent: MORNING + 1_000,
      received: MORNING + 2_000,
      viewed: MORNING + 3_000,
      submitted: MORNING + 4_000,
    });
  });

  test('never goes back to a status that it has left', () => {
    const model = opened(invited(1));
    applyEntry(model, status(4, 'submitted'));
    applyEntry(model, status(2, 'received', { since: MORNING + 9_000 }));
    expect(model.invitations.i1?.status).toBe('submitted');
    expect(model.invitations.i1?.times.received).toBe(MORNING + 9_000);
  });

  test('keeps the newer status when an older picture of it is loaded', () => {
    const model = opened(invited(1));
    applyEntry(model, status(3, 'viewed'));
    applyPage(model, { conversation: conversation('c1'), entries: [invited(1)], more: false });
    expect(model.invitations.i1?.status).toBe('viewed');
  });

  test('takes the current state that its own entry brings on a reload', () => {
    const model = opened(
      invited(1, { status: 'viewed', since: MORNING + 3_000, times: { sent: MORNING, viewed: MORNING + 3_000 } }),
      status(3, 'viewed'),
      asked(4),
    );
    expect(model.invitations.i1?.status).toBe('viewed');
    // The visitor had asked, and it was settled since.
    expect(model.invitations.i1?.asked).toBe(false);
  });

  test('starts again when it is issued again', () => {
    const model = opened(invited(1));
    for (const news of [status(2, 'received'), status(3, 'viewed'), asked(4)]) applyEntry(model, news);
    expect(model.invitations.i1?.asked).toBe(true);
    applyEntry(model, status(5, 'sent'));
    expect(model.invitations.i1?.status).toBe('sent');
    expect(model.invitations.i1?.asked).toBe(false);
    expect(model.invitations.i1?.times).toEqual({ sent: MORNING + 5_000 });
  });

  test('is not asked for again once it is answered', () => {
    const model = opened(invited(1));
    applyEntry(model, status(2, 'submitted'));
    applyEntry(model, asked(3));
    expect(model.invitations.i1?.asked).toBe(false);
  });

  test('remembers why it was cancelled', () => {
    const model = opened(invited(1));
    applyEntry(model, status(2, 'cancelled', { reason: 'session_ended' }));
    expect(model.invitations.i1?.reason).toBe('session_ended');
  });

  test('of a conversation that is not loaded is left alone', () => {
    const model = emptyModel();
    applyEntry(model, status(2, 'viewed'));
    expect(model.invitations).toEqual({});
  });
});

describe('a frame', () => {
  test('replaces the summary of a conversation and says whether it begins to wait', () => {
    const model = emptyModel();
    const frame = { type: 'conversation' as const, conversation: conversation('c1', { waiting_since: MORNING }) };
    expect(applyFrame(model, frame, MORNING)).toMatchObject({ isNew: true, waits: true });
    expect(applyFrame(model, frame, MORNING)).toMatchObject({ isNew: false, waits: false });
    expect(Object.keys(model.conversations)).toEqual(['c1']);
  });

  test('tells who types, until a message comes or time passes', () => {
    const model = opened();
    const typing = { type: 'typing' as const, conversation: 'c1', from: 'visitor' as const, display_name: 'Alex' };
    applyFrame(model, typing, MORNING);
    expect(model.typing.c1?.display_name).toBe('Alex');
    applyEntry(model, message(1));
    expect(model.typing.c1).toBeUndefined();
    applyFrame(model, typing, MORNING);
    fadeTyping(model, MORNING + TYPING_MS - 1);
    expect(model.typing.c1).toBeDefined();
    fadeTyping(model, MORNING + TYPING_MS);
    expect(model.typing.c1).toBeUndefined();
  });

  test('about an agent who types says nothing to agents', () => {
    const model = opened();
    applyFrame(model, { type: 'typing', conversation: 'c1', from: 'agent', display_name: 'Jon' }, MORNING);
    expect(model.typing).toEqual({});
  });

  test('about the vault is news only when it changes', () => {
    const model = emptyModel();
    expect(applyFrame(model, { type: 'vault', up: true }, MORNING).kind).toBe('nothing');
    expect(applyFrame(model, { type: 'vault', up: false }, MORNING)).toEqual({ kind: 'vault', up: false });
    expect(model.vaultUp).toBe(false);
  });

  test('of an unknown type is ignored', () => {
    const model = emptyModel();
    const before = JSON.stringify(model);
    applyFrame(model, { type: 'from-a-newer-desk' } as never, MORNING);
    expect(JSON.stringify(model)).toBe(before);
  });
});

test('the list drops what the desk no longer names', () => {
  const model = emptyModel();
  applyList(model, [conversation('c1'), conversation('c2')]);
  applyList(model, [conversation('c2')]);
  expect(Object.keys(model.conversations)).toEqual(['c2']);
});

test('a conversation that was read has nothing unread', () => {
  const model = emptyModel();
  applyList(model, [conversation('c1', { unread: 3 })]);
  markRead(model, 'c1');
  expect(model.conversations.c1?.unread).toBe(0);
});

describe('answers that are not there any more', () => {
  const after = (sequence: number) => ({ sequence, at: MORNING, conversation: 'c1', invitation: 'i1' });

  test('say why on the card, from the feed and from a page alike', () => {
    const model = opened(invited(1), status(2, 'submitted'));
    applyEntry(model, status(3, 'read'));
    applyEntry(model, { ...after(4), kind: 'gone', why: 'time' });
    expect(model.invitations.i1).toMatchObject({ status: 'read', gone: 'time', erased: null });
    applyEntry(model, { ...after(5), kind: 'erased', why: 'request' });
    expect(model.invitations.i1).toMatchObject({ gone: 'time', erased: 'request' });
    const loaded = opened(invited(1, { status: 'read', gone: 'restart' }));
    expect(loaded.invitations.i1).toMatchObject({ gone: 'restart', erased: null });
  });

  test('stay gone when an older page comes in after the news', () => {
    const model = opened(invited(1, { status: 'submitted' }));
    applyEntry(model, { ...after(2), kind: 'gone', why: 'done' });
    applyPage(model, { conversation: conversation('c1'), entries: [invited(1, { status: 'submitted' })], more: false });
    expect(model.invitations.i1?.gone).toBe('done');
  });
});

test('a conversation that goes to another agent is told apart from one that somebody takes first', () => {
  const model = emptyModel();
  const now = (owner: { id: string; display_name: string } | null) =>
    applyFrame(model, { type: 'conversation', conversation: conversation('c1', { owner }) }, MORNING);
  const dana = { id: 'dana', display_name: 'Dana' };
  expect(now(null)).toMatchObject({ handed: false });
  expect(now(dana)).toMatchObject({ handed: false });
  expect(now(dana)).toMatchObject({ handed: false });
  expect(now({ id: 'sam', display_name: 'Sam' })).toMatchObject({ handed: true });
});

test('what was erased on request is blank on an open page too', () => {
  const model = opened(message(1, { text: 'a secret' }), invited(2));
  applyFrame(model, { type: 'conversation', conversation: conversation('c1', { erased: true, visitor_name: null, last_text: '' }) }, MORNING);
  expect(model.transcripts.c1?.entries).toMatchObject([{ text: '', erased: true }, { kind: 'invitation' }]);
  expect(JSON.stringify(model)).not.toContain('a secret');
});
