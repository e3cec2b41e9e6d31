/** Keeping and privacy: their part of the desk API. */
import type { components } from '../../../../api/desk.d.ts';
import { get, post, put } from '../../api/client.ts';

type Schemas = components['schemas'];

export type KeepingView = Schemas['KeepingView'];
export type KeepingChange = Schemas['KeepingChange'];
export type Reopen = Schemas['Reopen'];
export type FoundConversation = Schemas['FoundConversation'];
export type FoundVisitor = Schemas['FoundVisitor'];
export type VisitorData = Schemas['VisitorData'];
export type KeptState = Schemas['KeptState'];

export const keeping = {
  look: () => get<KeepingView>('/api/keeping'),
  save: (change: KeepingChange) => put<KeepingView>('/api/keeping', change),
};

export const visitors = {
  find: (text: string) => get<FoundVisitor[]>(`/api/privacy/visitors?${new URLSearchParams({ text })}`),
  one: (id: string) => get<VisitorData>(`/api/privacy/visitors/${id}`),
  exportHref: (id: string) => `/api/privacy/visitors/${id}/export`,
  vaultExport: (id: string, reference: string | null) =>
    post<Schemas['VaultExport']>(`/api/privacy/visitors/${id}/vault-export`, reference === null ? {} : { reference }),
  erase: (id: string, confirm: string) => post<FoundVisitor>(`/api/privacy/visitors/${id}/erase`, { confirm }),
};

export const conversations = {
  erase: (id: string, confirm: string) => post<FoundConversation>(`/api/privacy/conversations/${id}/erase`, { confirm }),
};
