/**
 * What an invitation's card says and offers the agent: one decision for every state, so that the component only draws.
 */
import type { InvitationState } from './model.ts';
import { isAnswered, isOver, refusal, type Refusal } from './invitation.ts';

export type Action =
  | 'view'
  | 'view-again'
  /** What is stored, where the rest of it is gone. */
  | 'view-rest'
  | 'cancel'
  /** The same form anew, as another invitation. */
  | 'send-again'
  /** The same form anew, from an agent who may not read what was sent to another. */
  | 'ask-me'
  /** The same invitation again: a fresh link, or a fresh start in the chat. The former key is void. */
  | 'new-link'
  | 'new-form';

export interface Card {
  /** alive: somebody can still act in it; closed: nothing is left inside for this agent. */
  tone: 'alive' | 'closed';
  /** Name of the sentence that says where it stands. */
  fact: string;
  /** quiet for the ordinary course, warning where the agent should do something. */
  mood: 'quiet' | 'warning';
  refusal: Refusal | null;
  main: Action | null;
  others: Action[];
}

/** @param rest whether the form asks for anything that is stored */
export function card(invitation: InvitationState, me: string, conversation: 'open' | 'closed', rest = true): Card {
  const open = conversation === 'open';
  if (isOver(invitation.status)) {
    return {
      tone: 'closed',
      fact: ending(invitation),
      mood: 'quiet',
      refusal: null,
      main: open ? 'send-again' : null,
      others: [],
    };
  }
  if (isAnswered(invitation.status)) {
    if (invitation.erased !== null) {
      return {
        tone: 'closed',
        fact: `fact-erased-${invitation.erased}`,
        mood: 'quiet',
        refusal: null,
        main: open ? 'send-again' : null,
        others: [],
      };
    }
    const refused = refusal(invitation, me, conversation);
    if (refused !== null) {
      return {
        tone: 'closed',
        fact: `refused-${refused.replace('_', '-')}`,
        mood: 'quiet',
        refusal: refused,
        main: open ? 'ask-me' : null,
        others: [],
      };
    }
    if (invitation.gone !== null) {
      return {
        tone: rest ? 'alive' : 'closed',
        fact: `fact-gone-${invitation.gone}`,
        mood: 'quiet',
        refusal: null,
        main: 'send-again',
        others: rest ? ['view-rest'] : [],
      };
    }
    const read = invitation.status === 'read';
    return {
      tone: 'alive',
      fact: read ? 'fact-read' : 'fact-submitted',
      mood: 'quiet',
      refusal: null,
      main: read ? 'view-again' : 'view',
      others: [],
    };
  }
  return waiting(invitation, me, open);
}

/** The same card for someone who has no right to forms, or lost it: it tells, and offers nothing. */
export function withoutRight(card: Card): Card {
  const readable = [card.main, ...card.others].some((action) => action?.startsWith('view'));
  return {
    ...card,
    main: null,
    others: [],
    ...(readable ? { tone: 'closed', fact: 'refused-no-right', refusal: 'no_right' } : {}),
  };
}

function waiting(invitation: InvitationState, me: string, open: boolean): Card {
  const link = invitation.channel === 'link';
  // Only who sent it can take it back or offer it again: another agent sends a form of their own.
  const own = open && invitation.agent.id === me;
  const again: Action = link ? 'new-link' : 'new-form';
  if (invitation.asked) {
    return {
      tone: 'alive',
      fact: link ? 'fact-asked-link' : 'fact-asked',
      mood: 'warning',
      refusal: null,
      main: own ? again : null,
      others: own ? ['cancel'] : [],
    };
  }
  const step = invitation.status;
  return {
    tone: 'alive',
    fact: step === 'sent' && link ? 'fact-sent-link' : `fact-${step}`,
    mood: 'quiet',
    refusal: null,
    main: null,
    others: own ? (link ? ['new-link', 'cancel'] : ['cancel']) : [],
  };
}

function ending(invitation: InvitationState): string {
  switch (invitation.status) {
    case 'expired':
      return invitation.times.viewed === undefined ? 'fact-expired' : 'fact-expired-open';
    case 'cancelled':
      return invitation.reason === null ? 'fact-cancelled' : `fact-cancelled-${invitation.reason}`;
    default:
      return `fact-${invitation.status}`;
  }
}
