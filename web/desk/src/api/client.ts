/**
 * The agent's commands. Each answers with its value or with the refusal to show: nothing here throws, and nothing here
 * decides what to do about a refusal.
 */
import { call, Refusal, type Method } from '../../../parts/call.ts';
import type {
  Channel,
  Colleague,
  ConversationPage,
  ConversationSummary,
  Form,
  MessageEntry,
  Reissued,
  Sent,
  Session,
  ViewGrant,
} from './types.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const get = <T>(path: string) => answer<T>('GET', path);
export const post = <T>(path: string, body?: unknown) => answer<T>('POST', path, body);
export const put = <T>(path: string, body?: unknown) => answer<T>('PUT', path, body);
export const del = <T>(path: string) => answer<T>('DELETE', path);

export const api = {
  login: (name: string, password: string, captcha?: string) =>
    post<Session>('/api/login', { name, password, ...(captcha === undefined ? {} : { captcha }) }),
  session: () => get<Session>('/api/session'),
  logout: () => post<void>('/api/logout'),
  input: () => post<void>('/api/session/input'),
  lock: () => post<void>('/api/session/lock'),
  forms: () => get<Form[]>('/api/forms'),
  conversations: () => get<ConversationSummary[]>('/api/conversations'),
  transcript: (conversation: string, before?: number) =>
    get<ConversationPage>(
      `/api/conversations/${conversation}${before === undefined ? '' : `?before=${before}`}`,
    ),
  say: (conversation: string, id: string, text: string) =>
    post<MessageEntry>(`/api/conversations/${conversation}/messages`, { id, text }),
  invite: (conversation: string, id: string, form: string, channel: Channel) =>
    post<Sent>(`/api/conversations/${conversation}/invitations`, { id, form, channel }),
  /** Who can take a conversation. */
  colleagues: () => get<Colleague[]>('/api/agents'),
  transfer: (conversation: string, agent: string) => post<void>(`/api/conversations/${conversation}/transfer`, { agent }),
  close: (conversation: string) => post<void>(`/api/conversations/${conversation}/close`),
  typing: (conversation: string) => post<void>(`/api/conversations/${conversation}/typing`),
  read: (conversation: string, sequence: number) =>
    post<void>(`/api/conversations/${conversation}/read`, { sequence }),
  cancel: (invitation: string) => post<void>(`/api/invitations/${invitation}/cancel`),
  reissue: (invitation: string) =>
    post<Reissued>(`/api/invitations/${invitation}/reissue`),
  view: (invitation: string) => post<ViewGrant>(`/api/invitations/${invitation}/view`),
};

async function answer<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
  try {
    return { ok: true, value: await call<T>(method, path, body) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refusal: error };
    throw error;
  }
}
