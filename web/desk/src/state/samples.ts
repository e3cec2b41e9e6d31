/** Sample news for the tests of this folder: whole, valid, and overridable piece by piece. */
import type {
  ConversationSummary,
  Entry,
  Form,
  Invitation,
  InvitationEntry,
  MessageEntry,
  Status,
  StatusEntry,
} from '../api/types.ts';
import type { InvitationState } from './model.ts';

export const ME = 'agent-dana';
export const OTHER = 'agent-jon';
/** 17 November 2026, 10:30 UTC. */
export const MORNING = Date.UTC(2026, 10, 17, 10, 30);
export const MINUTE = 60_000;

export function conversation(id: string, over: Partial<ConversationSummary> = {}): ConversationSummary {
  return {
    id,
    visitor_name: 'Alex Rowe',
    status: 'open',
    owner: { id: ME, display_name: 'Dana' },
    last_text: 'Hello',
    last_at: MORNING,
    waiting_since: null,
    unread: 0,
    invitation_status: null,
    erased: false,
    ...over,
  };
}

export function message(sequence: number, over: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    sequence,
    at: MORNING + sequence * 1_000,
    conversation: 'c1',
    id: `m${sequence}`,
    from: 'visitor',
    author: null,
    text: `message ${sequence}`,
    ...over,
  };
}

export function invited(sequence: number, over: Partial<Invitation> = {}): InvitationEntry {
  const at = MORNING + sequence * 1_000;
  return {
    kind: 'invitation',
    sequence,
    at,
    conversation: 'c1',
    invitation: {
      id: 'i1',
      form: 'hash-card',
      title: 'Card payment',
      description: null,
      reference: '7F3K',
      channel: 'web',
      expires_at: at + 24 * 60 * MINUTE,
      status: 'sent',
      since: at,
      agent: { id: ME, display_name: 'Dana' },
      mine: true,
      times: { sent: at },
      ...over,
    },
  };
}

export function status(sequence: number, value: Status, over: Partial<StatusEntry> = {}): StatusEntry {
  const at = MORNING + sequence * 1_000;
  return { kind: 'status', sequence, at, conversation: 'c1', invitation: 'i1', status: value, since: at, ...over };
}

export function asked(sequence: number): Entry {
  return { kind: 'asked', sequence, at: MORNING + sequence * 1_000, conversation: 'c1', invitation: 'i1' };
}

export function state(over: Partial<InvitationState> = {}): InvitationState {
  return { ...invited(1).invitation, conversation: 'c1', asked: false, reason: null, gone: null, erased: null, mine: true, ...over };
}

export const FORMS: Form[] = [
  form('hash-card', 'Card payment'),
  form('hash-code', 'Card security code'),
  form('hash-note', 'Secure note'),
  form('hash-loyalty', 'Loyalty card'),
  form('hash-accent', 'Sécurité sociale'),
];

function form(hash: string, title: string): Form {
  return { hash, id: hash.replace('hash-', ''), title, description: null, questions: 1, channel_web: true, fields: [] };
}
