/**
 * The four-step line of an invitation: Sent, Received, Viewed, Submitted. Where it ended early, the line ends with the word
 * for that, after the steps that were reached. Words are left to the component.
 */
import type { Status } from '../api/types.ts';
import type { InvitationState } from './model.ts';
import { isAnswered, isOver } from './invitation.ts';

export interface Step {
  status: Status;
  /** `done` was passed, `now` is the newest, `waiting` may come, `stopped` is how it ended. */
  state: 'done' | 'now' | 'waiting' | 'stopped';
  at: number | null;
}

const WAY: readonly Status[] = ['sent', 'received', 'viewed', 'submitted'];

export function steps(invitation: Pick<InvitationState, 'status' | 'since' | 'times'>): Step[] {
  const { status, since, times } = invitation;
  if (isOver(status)) {
    const reached = WAY.filter((step) => times[step] !== undefined);
    return [
      ...reached.map((step): Step => ({ status: step, state: 'done', at: times[step] ?? null })),
      { status, state: 'stopped', at: times[status] ?? since },
    ];
  }
  const reached = isAnswered(status) ? WAY.length - 1 : WAY.indexOf(status);
  return WAY.map((step, index): Step => {
    if (index > reached) return { status: step, state: 'waiting', at: null };
    const newest = index === reached && !isAnswered(status);
    return {
      status: step,
      state: newest ? 'now' : 'done',
      at: times[step] ?? (index === reached && status === step ? since : null),
    };
  });
}
