/** The settings of keeping as they are changed, and what a change means. */
import { numberWritten } from '../security/policy.ts';
import type { Range } from '../types.ts';
import type { KeepingChange, Reopen } from './api.ts';

/** LivePerson's thirteen months, and what a site begins with (V5). */
export const DEFAULT_DAYS = 395;

/** Card numbers kept longer than this are worth a word (V5). */
export const CARDS_DAYS = 7;

export interface Draft {
  /** As it was written. */
  days: string;
  reopen: Reopen;
}

export function draftOf(saved: KeepingChange): Draft {
  return { days: String(saved.keeping.days), reopen: saved.reopen };
}

/** What would be saved, or null while the number is none or out of range. */
export function changeOf(draft: Draft, range: Range): KeepingChange | null {
  const days = numberWritten(draft.days, range);
  return days === null ? null : { keeping: { days }, reopen: draft.reopen };
}

/** How many settings differ; a number that is none counts. */
export function changes(saved: KeepingChange, draft: Draft): number {
  return Number(draft.days.trim() !== String(saved.keeping.days)) + Number(draft.reopen !== saved.reopen);
}

/** Whether saving erases what is kept now. With 0 days nothing of a closed conversation stays. */
export function shortens(saved: KeepingChange, next: KeepingChange | null): boolean {
  return next !== null && next.keeping.days < saved.keeping.days;
}
