/**
 * The workspace's part of the desk API, by the names that the workspace uses; what visitors share stands in `web/api`.
 * Every shape comes from the generated `desk.d.ts`. Holds no behaviour. Times are milliseconds since 1970, by the desk's
 * clock.
 */
import type { components } from '../../../api/desk.d.ts';
import type { InvitationEntry } from '../../../api/types.ts';

export type {
  AskedEntry,
  CancelReason,
  Channel,
  Entry,
  Frame,
  Invitation,
  InvitationEntry,
  MessageEntry,
  Status,
  StatusEntry,
} from '../../../api/types.ts';

type Schemas = components['schemas'];

export type Session = Schemas['SessionView'];

export type Form = Schemas['FormSummary'];

/** The type of an answer. */
export type FieldKind = Schemas['FieldKind'];

export type ConversationSummary = Schemas['ConversationSummary'];

export type ConversationPage = Schemas['ConversationPage'];

/** What sending a form brought: its entry is always the invitation's. */
export type Sent = Schemas['InvitationSent'] & { entry: InvitationEntry };

export type Reissued = Schemas['ReissuedLink'];

export type ViewGrant = Schemas['ViewGrant'];
