/** The commands of the sign-in's steps, of the lock and of one's own account. As in `api/client.ts`, nothing here throws. */
import { get, post } from '../api/client.ts';
import type { PasswordRules, Session } from '../api/types.ts';

/** One of a person's own sessions. */
export interface OwnSession {
  id: string;
  started_at: number;
  last_input_at: number;
  /** The address it came from. */
  from: string | null;
  current: boolean;
  locked: boolean;
}

export interface Factors {
  totp: { since: number } | null;
  passkeys: { id: string; name: string; since: number; last_used_at: number | null }[];
  recovery_codes_left: number;
}

/** A code app's secret, shown once. */
export interface FreshTotp {
  secret: string;
  uri: string;
  /** Rows of "0" and "1". */
  qr: string[];
}

/** A factor was added. The codes are there with the first one only. */
export interface Added {
  recovery_codes: string[] | null;
  session: Session;
}

export interface Invited {
  name: string;
  display_name: string;
  brand: string;
  policy: PasswordRules;
}

const withPassword = (password: string | null) => (password === null ? {} : { password });

export const signin = {
  code: (code: string) => post<Session>('/api/session/code', { code }),
  recovery: (code: string) => post<Session>('/api/session/recovery', { code }),
  passkeyOptions: () => post<{ publicKey: PublicKeyCredentialRequestOptionsJSON }>('/api/session/passkey/options'),
  passkey: (credential: unknown) => post<Session>('/api/session/passkey', { credential }),
  unlock: (password: string, captcha?: string) =>
    post<Session>('/api/session/unlock', { password, ...(captcha === undefined ? {} : { captcha }) }),
  password: (current: string, fresh: string) => post<Session>('/api/session/password', { current, new: fresh }),
  sessions: () => get<OwnSession[]>('/api/sessions'),
  endSession: (id: string) => post<void>(`/api/sessions/${id}/end`),
  factors: () => get<Factors>('/api/factors'),
  totp: (password: string | null) => post<FreshTotp>('/api/factors/totp', withPassword(password)),
  confirmTotp: (code: string) => post<Added>('/api/factors/totp/confirm', { code }),
  removeTotp: (password: string) => post<void>('/api/factors/totp/remove', { password }),
  newPasskey: (password: string | null) =>
    post<{ publicKey: PublicKeyCredentialCreationOptionsJSON }>('/api/factors/passkeys/options', withPassword(password)),
  addPasskey: (name: string, credential: unknown) => post<Added>('/api/factors/passkeys', { name, credential }),
  removePasskey: (id: string, password: string) => post<void>(`/api/factors/passkeys/${id}/remove`, { password }),
  recoveryCodes: (password: string) => post<{ recovery_codes: string[] }>('/api/factors/recovery', { password }),
  look: (key: string) => post<Invited>('/api/welcome/look', { key }),
  welcome: (key: string, password: string) => post<void>('/api/welcome', { key, password }),
};
