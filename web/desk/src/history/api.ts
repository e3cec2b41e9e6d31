/** The history's part of the desk API. */
import type { components } from '../../../api/desk.d.ts';
import { get, post } from '../api/client.ts';
import type { ViewGrant } from '../api/types.ts';

type Schemas = components['schemas'];

export type PastPage = Schemas['HistoryPage'];
export type Past = Schemas['PastConversation'];
export type Reason = Schemas['HistoryReason'];

/** In the order in which they are offered. */
export const REASONS: readonly Reason[] = ['dispute', 'fraud_check', 'legal_request', 'subject_request', 'quality_check'];

/** What the case's number may be made of: it is logged, so nothing personal fits into it. A number is none that is as long as a
 * card's, or without any letter as an identity number; hyphens do not end it. */
const REFERENCE = /^(?!.*(?:\d-*){12})(?!(?:-*\d){9}[\d-]*$)[A-Za-z0-9-]{1,40}$/;

/** The case's number as it was written: null where nothing was, undefined where it is none. */
export function referenceWritten(text: string): string | null | undefined {
  const written = text.trim();
  if (written === '') return null;
  return REFERENCE.test(written) ? written : undefined;
}

export const history = {
  page: (query: string) => get<PastPage>(`/api/history?${query}`),
  view: (conversation: string, invitation: string, reason: Reason, reference: string | null) =>
    post<ViewGrant>(`/api/conversations/${conversation}/invitations/${invitation}/history`, {
      reason,
      ...(reference === null ? {} : { reference }),
    }),
};
