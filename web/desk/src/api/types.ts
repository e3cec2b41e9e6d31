/**
 * The workspace's part of the desk API, in the API's own names; what visitors share stands in `web/api`.
 * Holds no behaviour. Times are milliseconds since 1970, by the desk's clock.
 */
import type { Entry, InvitationEntry, SharedFrame, Status } from '../../../api/types.ts';

export type {
  AskedEntry,
  Channel,
  Entry,
  Invitation,
  InvitationEntry,
  MessageEntry,
  Status,
  StatusEntry,
} from '../../../api/types.ts';

export interface Person {
  id: string;
  display_name: string;
}

export interface Session {
  agent: Person & { name: string };
  session: string;
  site: { id: string; brand: string };
  vault_origin: string;
  /** The key that makes this browser the session's viewer; none once one is enrolled, or while the vault is down. */
  enrolment: string | null;
  vault_up: boolean;
}

export interface FormField {
  label: string;
  /** The question type: text, card_number, cvv … */
  kind: string;
}

export interface Form {
  hash: string;
  id: string;
  title: string;
  description: string | null;
  questions: number;
  fields: FormField[];
}

export interface ConversationSummary {
  id: string;
  /** None where the brand has given none. */
  visitor_name: string | null;
  status: 'open' | 'closed';
  owner: Person | null;
  last_text: string | null;
  last_at: number;
  /** Since when the visitor waits for an answer. */
  waiting_since: number | null;
  unread: number;
  invitation_status: Status | null;
}

export interface ConversationPage {
  conversation: ConversationSummary;
  entries: Entry[];
  /** There are older entries before the first of these. */
  more: boolean;
}

export interface Sent {
  entry: InvitationEntry;
  /** The link, on the link channel, this one time. */
  link: string | null;
}

export interface ViewGrant {
  submission: string;
  key: string;
  expires_at: number;
  vault_origin: string;
}

/** What the feed brings an agent. Unknown types are ignored, so that an older page survives a newer desk. */
export type Frame = SharedFrame | { type: 'conversation'; conversation: ConversationSummary };
