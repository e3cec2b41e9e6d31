// The stream of a chat as rows: days, messages, invitations, and what happened. Pure.
import type { Entry, InvitationEntry, MessageEntry, Timestamp, TurnEntry } from '../api/types.ts';

/** A message of this visitor that the desk has not confirmed yet. */
export interface Pending {
  id: string;
  text: string;
  at: Timestamp;
  /** refused: the desk will not take it as it is, the person decides. */
  state: 'sending' | 'waiting' | 'refused';
}

export type Row =
  | { is: 'day'; key: string; at: Timestamp }
  /** `last`: nothing of the same side follows within the same minute, so its time and ticks stand below. */
  | { is: 'message'; key: string; entry: MessageEntry; last: boolean }
  | { is: 'pending'; key: string; pending: Pending }
  | { is: 'invitation'; key: string; entry: InvitationEntry }
  | { is: 'turn'; key: string; entry: TurnEntry };

/** Adds entries by their sequence: in order, each once. Answers the same array where nothing is new. */
export function merge(entries: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const seen = new Set(entries.map((entry) => entry.sequence));
  const fresh = more.filter((entry) => !seen.has(entry.sequence) && seen.add(entry.sequence));
  if (fresh.length === 0) return entries;
  return [...entries, ...fresh].sort((one, other) => one.sequence - other.sequence);
}

/** The rows, oldest first. A pending message disappears when the desk's own entry of the same id is there. */
export function rows(entries: readonly Entry[], outbox: readonly Pending[]): Row[] {
  const made: Row[] = [];
  let day = '';
  const dayOf = (at: Timestamp): void => {
    const name = new Date(at).toDateString();
    if (name === day) return;
    day = name;
    made.push({ is: 'day', key: `day ${name} ${made.length}`, at });
  };
  const confirmed = new Set<string>();
  for (const entry of entries) {
    switch (entry.kind) {
      case 'message': {
        if (entry.erased) break;
        dayOf(entry.at);
        const before = made.at(-1);
        if (before?.is === 'message' && before.entry.from === entry.from && minute(before.entry.at) === minute(entry.at)) before.last = false;
        confirmed.add(entry.id);
        made.push({ is: 'message', key: entry.id, entry, last: true });
        break;
      }
      case 'invitation':
        dayOf(entry.at);
        made.push({ is: 'invitation', key: entry.invitation.id, entry });
        break;
      case 'joined':
      case 'closed':
      case 'transferred': {
        const before = made.at(-1);
        // Who takes over has joined: one line says both.
        if (entry.kind === 'transferred' && before?.is === 'turn' && before.entry.kind === 'joined' && before.entry.author?.display_name === entry.to.display_name) made.pop();
        dayOf(entry.at);
        made.push({ is: 'turn', key: `turn ${entry.sequence}`, entry });
        break;
      }
      default:
        break;
    }
  }
  for (const pending of outbox) {
    if (confirmed.has(pending.id)) continue;
    dayOf(pending.at);
    made.push({ is: 'pending', key: pending.id, pending });
  }
  return made;
}

const minute = (at: Timestamp): number => Math.floor(at / 60_000);
