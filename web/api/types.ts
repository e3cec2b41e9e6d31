// What the desk says, as both faces read it. `api/desk.d.ts` is generated from docs/openapi/desk.json
// (`npm run api`); these are the names that the faces use for it.

/** Milliseconds since 1970, UTC. */
export type Timestamp = number;

export type Status = 'sent' | 'received' | 'viewed' | 'submitted' | 'read' | 'expired' | 'cancelled' | 'declined' | 'failed';

export type Channel = 'web' | 'link';

export interface Author {
  id?: string;
  display_name: string;
}

interface EntryBase {
  /** Grows; one line for the whole site. */
  sequence: number;
  at: Timestamp;
  conversation: string;
}

export interface MessageEntry extends EntryBase {
  kind: 'message';
  id: string;
  from: 'visitor' | 'agent';
  author: Author | null;
  text: string;
}

export interface Invitation {
  id: string;
  /** Hash of the form's definition: the same form can be sent anew. */
  form?: string;
  title: string;
  description: string | null;
  /** Stands in the chat and on the form: a person can check that both belong together (P6). */
  reference: string;
  channel: Channel;
  expires_at: Timestamp;
  status: Status;
  since: Timestamp;
  /** Only for agents. */
  submission?: string | null;
  agent: Author;
  /** Only for agents: this session sent it, and may view its answers. */
  mine?: boolean;
  /** Why it was cancelled, where it was. */
  reason?: string | null;
  /** When a new form was asked for, and not yet answered. */
  asked_at?: Timestamp | null;
  times: Partial<Record<Status, Timestamp>>;
}

export interface InvitationEntry extends EntryBase {
  kind: 'invitation';
  invitation: Invitation;
}

export interface StatusEntry extends EntryBase {
  kind: 'status';
  invitation: string;
  status: Status;
  since: Timestamp;
  /** The clock that runs now, where the status started another one. */
  expires_at?: Timestamp | null;
  /** Why it was cancelled. */
  reason?: string | null;
  submission?: string | null;
}

export interface AskedEntry extends EntryBase {
  kind: 'asked';
  invitation: string;
}

export interface TurnEntry extends EntryBase {
  kind: 'joined' | 'closed';
  author: Author | null;
}

export type Entry = MessageEntry | InvitationEntry | StatusEntry | AskedEntry | TurnEntry;

/** Frames that visitors and agents both hear. */
export type SharedFrame =
  | { type: 'entry'; entry: Entry }
  | { type: 'typing'; conversation: string; from: 'visitor' | 'agent'; display_name: string | null }
  | { type: 'presence'; online: boolean }
  | { type: 'ended'; reason?: string }
  | { type: 'vault'; up: boolean };
