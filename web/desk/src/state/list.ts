/**
 * The conversation list: whose turn it is, in groups, the longest wait on top.
 */
import type { ConversationSummary } from '../api/types.ts';

export type Whose = 'mine' | 'all';
export type GroupName = 'waiting' | 'visitor' | 'closed';

export interface Group {
  name: GroupName;
  rows: ConversationSummary[];
}

/** A conversation that nobody has taken yet belongs to everyone, so it stands under *Mine* too: somebody has to see it. */
export function isMine(conversation: ConversationSummary, me: string): boolean {
  return conversation.owner === null || conversation.owner.id === me;
}

/** Since when the agent's answer is due, or null while it is the visitor's turn. An unread form is waiting as well. */
export function waitingSince(conversation: ConversationSummary): number | null {
  if (conversation.status === 'closed') return null;
  if (conversation.waiting_since !== null) return conversation.waiting_since;
  return conversation.invitation_status === 'submitted' ? conversation.last_at : null;
}

/** The groups in the order of the page; empty ones are left out. `dayStart` is this morning's midnight. */
export function groups(
  conversations: Iterable<ConversationSummary>,
  whose: Whose,
  me: string,
  dayStart: number,
): Group[] {
  const waiting: ConversationSummary[] = [];
  const visitor: ConversationSummary[] = [];
  const closed: ConversationSummary[] = [];
  for (const conversation of conversations) {
    if (whose === 'mine' && !isMine(conversation, me)) continue;
    if (conversation.status === 'closed') {
      if (conversation.last_at >= dayStart) closed.push(conversation);
    } else if (waitingSince(conversation) !== null) waiting.push(conversation);
    else visitor.push(conversation);
  }
  const newestFirst = (a: ConversationSummary, b: ConversationSummary) =>
    b.last_at - a.last_at || byId(a, b);
  waiting.sort((a, b) => (waitingSince(a) ?? 0) - (waitingSince(b) ?? 0) || byId(a, b));
  visitor.sort(newestFirst);
  closed.sort(newestFirst);
  const all: Group[] = [
    { name: 'waiting', rows: waiting },
    { name: 'visitor', rows: visitor },
    { name: 'closed', rows: closed },
  ];
  return all.filter((group) => group.rows.length > 0);
}

/** How many open conversations *Mine* and *All* hold. */
export function counts(
  conversations: Iterable<ConversationSummary>,
  me: string,
): { mine: number; all: number; waiting: number } {
  const count = { mine: 0, all: 0, waiting: 0 };
  for (const conversation of conversations) {
    if (conversation.status !== 'open') continue;
    count.all += 1;
    if (!isMine(conversation, me)) continue;
    count.mine += 1;
    if (waitingSince(conversation) !== null) count.waiting += 1;
  }
  return count;
}

/** Ties break by id, so that two equal rows never swap places. */
function byId(a: ConversationSummary, b: ConversationSummary): number {
  return a.id < b.id ? -1 : 1;
}
