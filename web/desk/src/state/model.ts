/**
 * What the workspace knows, as plain data. The functions in `reduce` are the only ones that change it from outside news;
 * nothing here talks to the network or the page.
 */
import type { CancelReason, ConversationSummary, Entry, ErasedReason, Form, GoneReason, Invitation } from '../api/types.ts';

/** A message on its way to the desk. It is shown at once and sent until the desk has it, always under the same id. */
export interface Outgoing {
  id: string;
  conversation: string;
  text: string;
  at: number;
  state: 'sending' | 'waiting' | 'refused';
}

/** One conversation's transcript, as far as it is loaded. */
export interface Transcript {
  /** In the order of their sequence, each once. */
  entries: Entry[];
  /** Older entries exist at the desk. */
  more: boolean;
}

/** An invitation with everything the statuses have said about it so far. */
export interface InvitationState extends Omit<Invitation, 'reason' | 'gone' | 'erased'> {
  conversation: string;
  /** The visitor asked for a new one, and nothing newer came since. */
  asked: boolean;
  /** Why it was cancelled; null where it was not. */
  reason: CancelReason | null;
  /** Why its answers off the record are gone; null while they are not, or where there were none. */
  gone: GoneReason | null;
  /** Why its stored answers were erased; null while they are kept. */
  erased: ErasedReason | null;
}

export interface Typing {
  display_name: string;
  /** By this page's clock; a visitor who stops says nothing, so it fades by itself. */
  until: number;
}

export interface Model {
  conversations: Record<string, ConversationSummary>;
  transcripts: Record<string, Transcript>;
  /** News of conversations whose transcript is not loaded: what comes while it is on its way belongs to it. */
  early: Record<string, Entry[]>;
  invitations: Record<string, InvitationState>;
  typing: Record<string, Typing>;
  forms: Form[];
  vaultUp: boolean;
}

export function emptyModel(): Model {
  return {
    conversations: {},
    transcripts: {},
    early: {},
    invitations: {},
    typing: {},
    forms: [],
    vaultUp: true,
  };
}
