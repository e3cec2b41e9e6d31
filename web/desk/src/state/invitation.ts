/**
 * The life of one invitation, as the agent's card shows it. Statuses come once, but not always in order: a page of the
 * transcript and the feed race each other. An invitation therefore never goes back to a status that it has left.
 */
import type { AskedEntry, Form, InvitationEntry, Status, StatusEntry } from '../api/types.ts';
import type { InvitationState } from './model.ts';

const RANK: Record<Status, number> = {
  sent: 0,
  received: 1,
  viewed: 2,
  submitted: 3,
  read: 4,
  expired: 5,
  cancelled: 5,
  declined: 5,
  failed: 5,
};

/** Nothing more can happen in it: the seam turns grey. */
export function isOver(status: Status): boolean {
  return RANK[status] === 5;
}

/** The visitor has answered. */
export function isAnswered(status: Status): boolean {
  return status === 'submitted' || status === 'read';
}

/** It can still be filled in. */
export function isWaiting(status: Status): boolean {
  return RANK[status] < 3;
}

/** What is known after an invitation's own entry came, with what was known before. */
export function withEntry(known: InvitationState | undefined, entry: InvitationEntry): InvitationState {
  const fresh: InvitationState = {
    ...entry.invitation,
    conversation: entry.conversation,
    times: { sent: entry.at, ...entry.invitation.times },
    asked: entry.invitation.asked_at !== undefined,
    reason: entry.invitation.reason ?? known?.reason ?? null,
    gone: entry.invitation.gone ?? known?.gone ?? null,
    erased: entry.invitation.erased ?? known?.erased ?? null,
  };
  if (known === undefined || RANK[known.status] <= RANK[fresh.status]) return fresh;
  return {
    ...fresh,
    status: known.status,
    since: known.since,
    expires_at: known.expires_at,
    times: { ...fresh.times, ...known.times },
  };
}

/** What is known after a status came. */
export function withStatus(known: InvitationState, entry: StatusEntry): InvitationState {
  const status = entry.status;
  // A re-issue starts the same invitation again (S14): what happened with the former key no longer counts.
  const restarted = status === 'sent' && entry.since > known.since;
  if (RANK[status] < RANK[known.status] && !restarted) {
    // Late news of an earlier step fills in its time and changes nothing else.
    return { ...known, times: { [status]: entry.since, ...known.times } };
  }
  return {
    ...known,
    status,
    since: entry.since,
    times: restarted ? { sent: entry.since } : { ...known.times, [status]: entry.since },
    expires_at: entry.expires_at ?? known.expires_at,
    reason: entry.reason ?? known.reason,
    asked: known.asked && isWaiting(status) && !restarted,
  };
}

/** What is known after the visitor asked for a new one. */
export function withAsked(known: InvitationState, _entry: AskedEntry): InvitationState {
  return isAnswered(known.status) ? known : { ...known, asked: true };
}

/** Why the answers of this invitation cannot be shown to this agent, or null where they can (S8). */
export type Refusal = 'other_agent' | 'other_session' | 'closed' | 'no_right' | 'transferred';

export function refusal(
  invitation: InvitationState,
  me: string,
  conversation: 'open' | 'closed',
): Refusal | null {
  if (invitation.lost === 'transferred') return 'transferred';
  if (invitation.agent.id !== me) return 'other_agent';
  if (!invitation.mine) return 'other_session';
  return conversation === 'closed' ? 'closed' : null;
}

/** The form an invitation was made from, for sending it anew. */
export function formOf(invitation: InvitationState, forms: Form[]): Form | undefined {
  return (
    forms.find((form) => form.hash === invitation.form) ??
    // A newer version of the same form stands under another hash: its title is what the agent means.
    forms.find((form) => form.title === invitation.title)
  );
}

/** The invitations of one conversation, newest first. */
export function ofConversation(
  invitations: Record<string, InvitationState>,
  conversation: string,
): InvitationState[] {
  return Object.values(invitations)
    .filter((invitation) => invitation.conversation === conversation)
    .sort((a, b) => (b.times.sent ?? 0) - (a.times.sent ?? 0) || (a.id < b.id ? 1 : -1));
}
