/** What signing out would take away: forms whose answers only this session may read (S8). */
import type { Status } from '../api/types.ts';
import { isOver } from './invitation.ts';
import type { Model } from './model.ts';

/**
 * How many there are. Of a conversation that was never looked at here only its newest form is known, from the list; it is
 * counted as this session's: a warning too many costs a click, one too few costs the answers.
 */
export function formsAtStake(model: Model, me: string): number {
  const lives = (status: Status | null) => status !== null && !isOver(status);
  let count = 0;
  for (const conversation of Object.values(model.conversations)) {
    if (conversation.status === 'closed') continue;
    if (model.transcripts[conversation.id] === undefined) {
      if (conversation.owner?.id === me && lives(conversation.invitation_status)) count += 1;
      continue;
    }
    for (const invitation of Object.values(model.invitations)) {
      if (invitation.conversation === conversation.id && invitation.mine && lives(invitation.status)) count += 1;
    }
  }
  return count;
}
