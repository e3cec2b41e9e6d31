/**
 * Entries → what stands in the transcript, from top to bottom. Which entry becomes a line, which only moves a card, and
 * where a day begins is decided here; the components only draw.
 */
import type { Entry, MessageEntry } from '../api/types.ts';
import { dayStart } from './times.ts';

export type Item =
  | { kind: 'day'; key: string; at: number }
  /** `last` closes a run of messages by one side: under it stand the name and the time. */
  | { kind: 'message'; key: string; entry: MessageEntry; last: boolean }
  | { kind: 'invitation'; key: string; at: number; invitation: string }
  /** Something happened to a form that is worth a line where it happened. */
  | { kind: 'event'; key: string; at: number; event: 'submitted' | 'asked' | 'declined' | 'gone' | 'erased'; invitation: string }
  | { kind: 'line'; key: string; at: number; event: 'joined' | 'closed' | 'transferred'; author: string | null; to?: string };

const SHOWN: readonly Entry['kind'][] = ['message', 'invitation', 'asked', 'joined', 'closed', 'transferred', 'erased'];

/** Messages of one side this close together share one line with name and time. */
const RUN_MS = 60_000;

export function stream(entries: Entry[]): Item[] {
  const items: Item[] = [];
  let day: number | null = null;
  const shown = entries.filter((entry, index) => isShown(entry) && !isTakingOver(entry, entries[index + 1]));
  shown.forEach((entry, index) => {
    const starts = dayStart(entry.at);
    if (starts !== day) {
      items.push({ kind: 'day', key: `day-${starts}`, at: entry.at });
      day = starts;
    }
    items.push(item(entry, shown[index + 1]));
  });
  return items;
}

/** What ended together with something that has a line of its own needs no second one; what a newer desk tells is left out. */
function isShown(entry: Entry): boolean {
  switch (entry.kind) {
    case 'status':
      return entry.status === 'submitted' || entry.status === 'declined';
    case 'gone':
      return entry.why === 'done' || entry.why === 'time' || entry.why === 'restart';
    default:
      return SHOWN.includes(entry.kind);
  }
}

/** Who takes over has joined: one line says both. */
function isTakingOver(entry: Entry, next: Entry | undefined): boolean {
  return entry.kind === 'joined' && next?.kind === 'transferred' && next.to.display_name === entry.author?.display_name;
}

function item(entry: Entry, next: Entry | undefined): Item {
  const key = String(entry.sequence);
  const { at } = entry;
  switch (entry.kind) {
    case 'message':
      return { kind: 'message', key, entry, last: !continues(entry, next) };
    case 'invitation':
      return { kind: 'invitation', key, at, invitation: entry.invitation.id };
    case 'status':
      return {
        kind: 'event',
        key,
        at,
        event: entry.status === 'declined' ? 'declined' : 'submitted',
        invitation: entry.invitation,
      };
    case 'asked':
    case 'gone':
    case 'erased':
      return { kind: 'event', key, at, event: entry.kind, invitation: entry.invitation };
    case 'transferred':
      return { kind: 'line', key, at, event: 'transferred', author: entry.from?.display_name ?? null, to: entry.to.display_name };
    default:
      return { kind: 'line', key, at, event: entry.kind, author: entry.author?.display_name ?? null };
  }
}

function continues(message: MessageEntry, next: Entry | undefined): boolean {
  return (
    next?.kind === 'message' &&
    next.from === message.from &&
    next.author?.display_name === message.author?.display_name &&
    next.at - message.at < RUN_MS &&
    dayStart(next.at) === dayStart(message.at)
  );
}
