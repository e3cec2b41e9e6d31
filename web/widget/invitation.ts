// What an invitation's card shows: worked out from what the desk said, what this device did, and the connection.
// Pure. It must never guess a status: what the desk has not said has not happened.
import type { CancelReason, Entry, Invitation, Status, Timestamp } from '../api/types.ts';

/** An invitation as the desk last described it. */
export interface Known {
  invitation: Invitation;
  status: Status;
  since: Timestamp;
  /** The end of the clock that runs now; null where none is known. */
  expires: Timestamp | null;
  /** It was opened, here or elsewhere, whatever came after; not since it was issued anew. */
  viewed: boolean;
  /** When the answers arrived; `since` moves on when the agent reads them. */
  submitted: Timestamp | null;
  /** Why it was cancelled; null where nobody said. */
  reason: CancelReason | null;
  /** A new form was asked for. */
  asked: boolean;
}

/** Reads the invitations out of the entries, in their order. */
export function invitations(entries: readonly Entry[]): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const entry of entries) {
    if (entry.kind === 'invitation') {
      const { invitation } = entry;
      known.set(invitation.id, {
        invitation,
        status: invitation.status,
        since: invitation.since,
        expires: invitation.expires_at,
        viewed: invitation.status === 'viewed' || invitation.times.viewed !== undefined,
        submitted: invitation.times.submitted ?? (invitation.status === 'submitted' ? invitation.since : null),
        reason: invitation.reason ?? null,
        asked: invitation.asked_at !== undefined,
      });
    } else if (entry.kind === 'status') {
      const now = known.get(entry.invitation);
      // The invitation came with its present state; older statuses behind it are already in it.
      if (!now || entry.since < now.since) continue;
      // A re-issue starts the same invitation again (S14): what happened with the former opening no longer counts.
      const anew = entry.status === 'sent' && entry.since > now.since;
      known.set(entry.invitation, {
        ...now,
        status: entry.status,
        since: entry.since,
        expires: entry.expires_at ?? (entry.status === 'viewed' && now.status !== 'viewed' ? null : now.expires),
        viewed: (now.viewed && !anew) || entry.status === 'viewed',
        submitted: now.submitted ?? (entry.status === 'submitted' ? entry.since : null),
        reason: entry.reason ?? now.reason,
        asked: now.asked && !anew,
      });
    } else if (entry.kind === 'asked') {
      const now = known.get(entry.invitation);
      if (now) known.set(entry.invitation, { ...now, asked: true });
    }
  }
  return known;
}

/** What this device does with a form. */
export type Phase =
  /** Nothing. */
  | { at: 'idle' }
  /** Between the click and the first sight of the form. */
  | { at: 'opening' }
  /** In the sheet. */
  | { at: 'shown' }
  /** It did not come, and why. */
  | { at: 'failed'; why: Trouble }
  /** Another device has it. */
  | { at: 'elsewhere' }
  /** The form in the sheet is sent; the desk has not said so yet. */
  | { at: 'sent' }
  /** Declined in the sheet; the desk has not said so yet. */
  | { at: 'declined' };

/** `busy`: the vault cannot be reached just now. `full`: it has no room for another form. `sealed`: its keys are locked. */
export type Trouble = 'load' | 'busy' | 'full' | 'sealed';

export type Occurrence =
  | 'click'
  | 'shown'
  | 'sent'
  | 'declined'
  | 'closed'
  | 'unreachable'
  | 'busy'
  | 'full'
  | 'sealed'
  | 'taken'
  | 'refused';

/** One step of a form on this device. What makes no sense in a phase changes nothing. */
export function step(phase: Phase, occurrence: Occurrence): Phase {
  switch (occurrence) {
    case 'click':
      return phase.at === 'sent' || phase.at === 'declined' ? phase : { at: 'opening' };
    case 'shown':
      return phase.at === 'opening' || phase.at === 'failed' ? { at: 'shown' } : phase;
    case 'sent':
      return { at: 'sent' };
    case 'declined':
      return phase.at === 'sent' ? phase : { at: 'declined' };
    case 'closed':
      return phase.at === 'shown' || phase.at === 'opening' ? { at: 'idle' } : phase;
    case 'unreachable':
    case 'refused':
      return phase.at === 'opening' ? { at: 'failed', why: 'load' } : phase;
    case 'busy':
    case 'full':
    case 'sealed':
      return phase.at === 'opening' ? { at: 'failed', why: occurrence } : phase;
    case 'taken':
      return phase.at === 'opening' ? { at: 'elsewhere' } : phase;
  }
}

/** The states of the card. */
export type CardState =
  | 'ready'
  | 'opening'
  | 'open_here'
  | 'open_in_tab'
  /** Closed where it cannot be brought back: by the site's rule, or by what the browser keeps. */
  | 'lost'
  | 'open_elsewhere'
  | 'could_not_load'
  | 'busy'
  | 'full'
  | 'sealed'
  | 'offline'
  | 'submitted'
  | 'expired'
  | 'cancelled'
  | 'declined'
  | 'failed';

/** What the card is worked out from. */
export interface Circumstances {
  known: Pick<Known, 'status' | 'expires'>;
  phase: Phase;
  /** Where this device opened the form; undefined where it did not. Only `frame` may be gone back to (S11). */
  place: 'frame' | 'tab' | 'once' | undefined;
  online: boolean;
  now: Timestamp;
}

/** The state of the card. What is over stays over, whatever this device does or lacks. */
export function cardState({ known, phase, place, online, now }: Circumstances): CardState {
  switch (known.status) {
    case 'submitted':
    case 'read':
      return 'submitted';
    case 'expired':
    case 'cancelled':
    case 'declined':
    case 'failed':
      return known.status;
    case 'sent':
    case 'received':
    case 'viewed':
      break;
  }
  if (phase.at === 'sent') return 'submitted';
  if (phase.at === 'declined') return 'declined';
  if (phase.at === 'shown') return 'open_here';
  // The vault decides about time; but a button that can only fail is not offered.
  if (known.expires !== null && now >= known.expires) return 'expired';
  if (!online) return 'offline';
  if (phase.at === 'opening') return 'opening';
  if (phase.at === 'elsewhere') return 'open_elsewhere';
  if (phase.at === 'failed') return phase.why === 'load' ? 'could_not_load' : phase.why;
  if (known.status === 'viewed') {
    switch (place) {
      case 'frame':
        return 'open_here';
      case 'tab':
        return 'open_in_tab';
      case 'once':
        return 'lost';
      case undefined:
        return 'open_elsewhere';
    }
  }
  return 'ready';
}

/** Whether the card has lost its tint: over, and nothing was sent. */
export function isClosed(state: CardState): boolean {
  return state === 'expired' || state === 'cancelled' || state === 'declined' || state === 'failed';
}
