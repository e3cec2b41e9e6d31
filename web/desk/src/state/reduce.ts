/**
 * News → model. Every function is pure in spirit: it changes the model it is handed and nothing else, so that the Svelte
 * state tracks it and a test can hand it a plain object. The same news twice changes nothing the second time.
 */
import type { ConversationPage, ConversationSummary, Entry, Frame } from '../api/types.ts';
import type { Model } from './model.ts';
import { withAsked, withEntry, withStatus } from './invitation.ts';

/** How long "is typing" stays when nothing more is heard. */
export const TYPING_MS = 6_000;

/** How much early news of one conversation is kept: enough for what arrives while its transcript is loading. */
const EARLY_MOST = 100;

/** What a frame meant, for the announcer and for the scroll position. */
export type News =
  | { kind: 'nothing' }
  | { kind: 'entry'; entry: Entry }
  /** `handed`: it went from one agent to another. */
  | { kind: 'conversation'; conversation: ConversationSummary; isNew: boolean; waits: boolean; handed: boolean }
  | { kind: 'vault'; up: boolean }
  | { kind: 'ended' };

export function applyFrame(model: Model, frame: Frame, now: number): News {
  switch (frame.type) {
    case 'entry':
      return applyEntry(model, frame.entry)
        ? { kind: 'entry', entry: frame.entry }
        : { kind: 'nothing' };
    case 'conversation': {
      const before = model.conversations[frame.conversation.id];
      model.conversations[frame.conversation.id] = frame.conversation;
      if (frame.conversation.erased) blank(model, frame.conversation.id);
      return {
        kind: 'conversation',
        conversation: frame.conversation,
        isNew: before === undefined,
        waits: before?.waiting_since == null && frame.conversation.waiting_since !== null,
        handed: before?.owner != null && before.owner.id !== frame.conversation.owner?.id,
      };
    }
    case 'typing':
      if (frame.from === 'visitor') {
        model.typing[frame.conversation] = {
          display_name: frame.display_name ?? '',
          until: now + TYPING_MS,
        };
      }
      return { kind: 'nothing' };
    case 'vault':
      if (model.vaultUp === frame.up) return { kind: 'nothing' };
      model.vaultUp = frame.up;
      return { kind: 'vault', up: frame.up };
    case 'ended':
      return { kind: 'ended' };
    default:
      return { kind: 'nothing' };
  }
}

/** What was said was erased on request (V8): nothing of it stays on an open page either. */
function blank(model: Model, conversation: string): void {
  for (const entries of [model.transcripts[conversation]?.entries, model.early[conversation]]) {
    entries?.forEach((entry, place) => {
      if (entry.kind === 'message') entries[place] = { ...entry, text: '', erased: true };
    });
  }
}

/** Puts one entry in its place. Returns whether it was new. */
export function applyEntry(model: Model, entry: Entry): boolean {
  if (entry.kind === 'message' && entry.from === 'visitor') delete model.typing[entry.conversation];

  applyToInvitation(model, entry);
  const transcript = model.transcripts[entry.conversation];
  if (transcript !== undefined) return insert(transcript.entries, entry);
  // A transcript that nobody has opened is loaded whole later: half of one would hide its beginning.
  keepEarly(model, entry);
  return true;
}

function keepEarly(model: Model, entry: Entry): void {
  const early = (model.early[entry.conversation] ??= []);
  insert(early, entry);
  if (early.length > EARLY_MOST) early.shift();
}

/** A page of a transcript, the newest or an older one. */
export function applyPage(model: Model, page: ConversationPage): void {
  const { id } = page.conversation;
  model.conversations[id] = page.conversation;
  const known = model.transcripts[id];
  const oldest = known?.entries[0]?.sequence;
  const first = page.entries[0]?.sequence;
  const reachesBack = oldest === undefined || (first !== undefined && first <= oldest);
  const transcript = known ?? { entries: [], more: page.more };
  if (reachesBack) transcript.more = page.more;
  for (const entry of page.entries) {
    // An invitation's entry carries its state of now: the statuses that led there say nothing new.
    if (entry.kind === 'invitation') applyToInvitation(model, entry);
    insert(transcript.entries, entry);
  }
  model.transcripts[id] = transcript;

  const newest = page.entries[page.entries.length - 1]?.sequence ?? 0;
  const early = model.early[id] ?? [];
  delete model.early[id];
  // Older than the page's newest is in the page already, as far as it still holds.
  for (const entry of early) if (entry.sequence > newest) applyEntry(model, entry);
}

/** The list as the desk has it now; what it no longer names is gone. */
export function applyList(model: Model, list: ConversationSummary[]): void {
  model.conversations = Object.fromEntries(list.map((conversation) => [conversation.id, conversation]));
}

/** The agent has the conversation before their eyes. */
export function markRead(model: Model, conversation: string): void {
  const summary = model.conversations[conversation];
  if (summary !== undefined && summary.unread > 0) {
    model.conversations[conversation] = { ...summary, unread: 0 };
  }
}

/** Forgets who stopped typing. */
export function fadeTyping(model: Model, now: number): void {
  for (const [conversation, typing] of Object.entries(model.typing)) {
    if (typing.until <= now) delete model.typing[conversation];
  }
}

function applyToInvitation(model: Model, entry: Entry): void {
  if (entry.kind === 'invitation') {
    const { id } = entry.invitation;
    model.invitations[id] = withEntry(model.invitations[id], entry);
    return;
  }
  if (!('invitation' in entry)) return;
  const known = model.invitations[entry.invitation];
  if (known === undefined) return;
  switch (entry.kind) {
    case 'status':
      model.invitations[entry.invitation] = withStatus(known, entry);
      return;
    case 'asked':
      model.invitations[entry.invitation] = withAsked(known, entry);
      return;
    case 'gone':
    case 'erased':
      model.invitations[entry.invitation] = { ...known, [entry.kind]: entry.why };
  }
}

/** Inserts by sequence, from the end: news is nearly always newest. Returns false for an entry that is there already. */
function insert(entries: Entry[], entry: Entry): boolean {
  let place = entries.length;
  while (place > 0) {
    const before = entries[place - 1];
    if (before === undefined || before.sequence < entry.sequence) break;
    if (before.sequence === entry.sequence) return false;
    place -= 1;
  }
  entries.splice(place, 0, entry);
  return true;
}
