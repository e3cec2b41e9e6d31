/**
 * The workspace's part of the desk API, by the names that the workspace uses; what visitors share stands in `web/api`.
 * Every shape comes from the generated `desk.d.ts`. Holds no behaviour. Times are milliseconds since 1970, by the desk's
 * clock.
 */
import type { components } from '../../../api/desk.d.ts';
import type { Frame as SharedFrame, InvitationEntry } from '../../../api/types.ts';

export type {
  AskedEntry,
  CancelReason,
  Channel,
  Entry,
  ErasedEntry,
  ErasedReason,
  GoneEntry,
  GoneReason,
  Invitation,
  InvitationEntry,
  MessageEntry,
  Status,
  StatusEntry,
  TransferredEntry,
} from '../../../api/types.ts';

type Schemas = components['schemas'];

/** What somebody may do, as the desk calls it. */
export type Permission = Schemas['Permission'];

export type Role = 'agent' | 'manager' | 'admin';

/** How far a sign-in is. Only `ready` opens the workspace. */
export type Stage = 'second_factor' | 'new_password' | 'set_up_factor' | 'ready';

export interface PasswordRules {
  profile: 'pci' | 'nist';
  min_length: number;
  letters_and_digits: boolean;
  history: number;
  changes_per_day: number;
}

export interface Session {
  agent: { id: string; name: string; display_name: string };
  role: Role;
  permissions: Permission[];
  session: string;
  site: { id: string; brand: string };
  stage: Stage;
  locked: boolean;
  /** Conversations that wait for this person. */
  waiting: number;
  factors: { totp: boolean; passkeys: number; recovery_codes_left: number };
  rules: {
    password: PasswordRules;
    /** Null where no input never locks. */
    lock_after_minutes: number | null;
    /** Minutes between the lock and the end; 0 ends at once. */
    sign_out_after_minutes: number;
  };
  /** When the desk last heard of a hand on the machine. */
  last_input_at: number;
  /** When the session ends whatever happens. */
  ends_at: number;
  /** When the locked session ends; null while it is not locked. */
  locked_out_at: number | null;
  vault_origin: string;
  enrolment: string | null;
  vault_up: boolean;
  /** Whether this person has a factor at the vault; null while the vault cannot say. */
  vault_factor: boolean | null;
  /** Whether the site's rules meet the minimum that secure forms need. */
  forms_on: boolean;
}

/** What the feed brings; the last four are the workspace's own. */
export type Frame =
  | SharedFrame
  | { type: 'locked' }
  | { type: 'unlocked' }
  | { type: 'rights'; permissions: Permission[]; forms_on: boolean }
  | { type: 'alert' };

export type Form = Schemas['FormSummary'];

/** The type of an answer. */
export type FieldKind = Schemas['FieldKind'];

export type ConversationSummary = Schemas['ConversationSummary'];

export type ConversationPage = Schemas['ConversationPage'];

/** Somebody who can take a conversation. */
export type Colleague = Schemas['Colleague'];

/** What sending a form brought: its entry is always the invitation's. */
export type Sent = Schemas['InvitationSent'] & { entry: InvitationEntry };

export type Reissued = Schemas['ReissuedLink'];

export type ViewGrant = Schemas['ViewGrant'];
