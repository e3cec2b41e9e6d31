/** The panel's commands. Each answers with its value or with the refusal to show. */
import { del, get, post, put } from '../api/client.ts';
import type {
  AccessRow,
  Alert,
  AuditPage,
  Chains,
  Key,
  Link,
  Person,
  PersonPage,
  Permission,
  Policy,
  Profile,
  Role,
  Scope,
  Security,
} from './types.ts';

export const people = {
  all: () => get<{ people: Person[] }>('/api/people'),
  one: (id: string) => get<PersonPage>(`/api/people/${id}`),
  invite: (person: { name: string; display_name: string; profile: string }) =>
    post<{ person: Person } & Link>('/api/people', person),
  profile: (id: string, profile: string) => post<void>(`/api/people/${id}/profile`, { profile }),
  rename: (id: string, display_name: string) => post<void>(`/api/people/${id}/rename`, { display_name }),
  deactivate: (id: string) => post<void>(`/api/people/${id}/deactivate`),
  activate: (id: string) => post<void>(`/api/people/${id}/activate`),
  unlock: (id: string) => post<void>(`/api/people/${id}/unlock`),
  reset: (id: string) => post<Link>(`/api/people/${id}/reset`),
  resetFactors: (id: string) => post<void>(`/api/people/${id}/factors/reset`),
  endSessions: (id: string) => post<void>(`/api/people/${id}/sessions/end`),
  endSession: (id: string, session: string) => post<void>(`/api/people/${id}/sessions/${session}/end`),
};

export const profiles = {
  all: () => get<Profile[]>('/api/profiles'),
  create: (profile: { role: Role; name: string; permissions: Permission[] }) => post<Profile>('/api/profiles', profile),
  change: (id: string, profile: { name: string; permissions: Permission[] }) => put<Profile>(`/api/profiles/${id}`, profile),
  remove: (id: string) => del<void>(`/api/profiles/${id}`),
};

export const security = {
  look: () => get<Security>('/api/security'),
  /** `confirm` is the site's name, where the change stops secure forms. */
  save: (policy: Policy, confirm?: string) =>
    put<Security>('/api/security', confirm === undefined ? { policy } : { policy, confirm }),
};

export const keys = {
  all: () => get<Key[]>('/api/keys'),
  create: (key: { name: string; scopes: Scope[]; days: number }) => post<Key & { key: string }>('/api/keys', key),
  revoke: (id: string) => post<void>(`/api/keys/${id}/revoke`),
};

export const audit = {
  page: (query: string) => get<AuditPage>(`/api/audit?${query}`),
  check: () => post<Chains>('/api/audit/check'),
  exportHref: (format: 'jsonl' | 'csv', query: string) =>
    `/api/audit/export?format=${format}${query === '' ? '' : `&${query}`}`,
  access: (from: number, to: number) => get<AccessRow[]>(`/api/audit/access?from=${from}&to=${to}`),
};

export const alerts = {
  all: () => get<Alert[]>('/api/alerts'),
  acknowledge: (id: string) => post<void>(`/api/alerts/${id}/acknowledge`),
};
