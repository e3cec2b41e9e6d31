/** The panel's part of the desk API, by the names that the panel uses. Times are milliseconds since 1970, by the desk's clock. */
import type { Permission } from '../api/types.ts';

export type Role = 'agent' | 'manager' | 'admin';

export type { Permission } from '../api/types.ts';

export interface Profile {
  id: string;
  role: Role;
  name: string;
  permissions: Permission[];
  /** What the role allows at most. */
  ceiling: Permission[];
  built_in: boolean;
  /** How many people have it. */
  people: number;
}

export type PersonState = 'active' | 'invited' | 'deactivated' | 'idle';

export interface Person {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  profile: { id: string; name: string };
  state: PersonState;
  locked_until: number | null;
  factor: 'totp' | 'passkey' | 'none';
  last_seen_at: number | null;
  sessions: number;
}

export interface PersonSession {
  id: string;
  started_at: number;
  last_input_at: number;
  from: string | null;
  locked: boolean;
}

export interface PersonPage {
  person: Person;
  permissions: Permission[];
  sessions: PersonSession[];
}

/** A link that sets a password: shown this once. */
export interface Link {
  link: string;
  expires_at: number;
}

export interface WorkingHours {
  from_minute: number;
  to_minute: number;
  time_zone: string;
  /** 1 is Monday. */
  weekdays: number[];
}

export interface Policy {
  password: {
    profile: 'pci' | 'nist';
    min_length: number;
    letters_and_digits: boolean;
    history: number;
    max_age_days: number | null;
    changes_per_day: number;
  };
  lockout: { on: boolean; tries: number; minutes: number; captcha_after: number };
  idle: { on: boolean; lock_after_minutes: number; sign_out_after_minutes: number };
  session_hours: number;
  second_factor: 'off' | 'viewers' | 'everyone';
  hide_card_numbers: boolean;
  audit_days: number;
  idle_account_days: number;
  review: { reveals_per_hour: number; working_hours: WorkingHours | null; unclosed_minutes: number };
}

export type Part = 'password' | 'lockout' | 'idle_lock' | 'hide_card_numbers' | 'second_factor';

export interface Range {
  min: number;
  max: number;
}

export interface Security {
  policy: Policy;
  defaults: Policy;
  ranges: Record<string, Range>;
  minimum: { part: Part; met: boolean }[];
  forms: { on: boolean; stopped_since: number | null; open_invitations: number };
  low_space: boolean;
  site: { id: string; brand: string };
}

export type Scope = 'audit_read' | 'people_read' | 'security_read' | 'privacy_export' | 'privacy_erase';

export interface Key {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export type Zone = 'desk' | 'vault';

export interface AuditEntry {
  zone: Zone;
  sequence: number;
  at: number;
  who: { kind: string; id: string | null; name: string | null };
  act: string;
  on: Record<string, string>;
  result: 'done' | 'refused';
  reason: string | null;
  /** How many alike it stands for, where refusals were counted. */
  count: number | null;
  detail: string | null;
  from: string | null;
  session: string | null;
  hash: string;
  previous: string;
}

export interface ChainState {
  first: number;
  last: number;
  checked_at: number | null;
  whole: boolean;
  fault: string | null;
  last_checkpoint: { sequence: number; at: number } | null;
  kept_days: number;
}

export interface Chains {
  desk: ChainState;
  vault: ChainState;
}

export interface AuditPage {
  entries: AuditEntry[];
  /** Where to go on, or null when everything was looked at. A page may be empty and yet go on. */
  next: string | null;
  chains: Chains;
}

export interface AccessRow {
  person: { id: string; name: string; display_name: string };
  could: { right: string; from: number; until: number | null }[];
  did: { views: number; reveals: number; last_at: number | null };
}

export interface Alert {
  id: string;
  kind: string;
  at: number;
  person: { id: string; name: string } | null;
  count: number | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
}
