// The visitor's commands to the desk. Only the widget's own frame calls these: same origin, cookie, nothing else.
import { call } from '../parts/call.ts';
import type { components } from './desk.d.ts';
import type { MessageEntry } from './types.ts';

type Schemas = components['schemas'];

export type Visit = Schemas['Visit'];

/** What the click on an invitation brings: a fresh `open` key, for one POST to the vault. Never stored, never in an address. */
export type Opening = Schemas['OpenKey'];

export const visit = (site: string): Promise<Visit> => call('POST', '/api/visit', { site });

export const conversation = (): Promise<Schemas['VisitorConversation']> => call('GET', '/api/conversation');

/** Idempotent by `id`: the same message sent twice is stored once. */
export const say = (id: string, text: string): Promise<MessageEntry> => call('POST', '/api/messages', { id, text });

export const typing = (): Promise<void> => call('POST', '/api/typing');

export const received = (invitation: string): Promise<void> => call('POST', `/api/invitations/${encodeURIComponent(invitation)}/received`);

export const open = (invitation: string): Promise<Opening> => call('POST', `/api/invitations/${encodeURIComponent(invitation)}/open`);

/** Asks the agent for a new form. */
export const ask = (invitation: string): Promise<void> => call('POST', `/api/invitations/${encodeURIComponent(invitation)}/ask`);
