/** What the log is asked for: the filters as a person sets them, and as the desk reads them. */
import { dayBegin, dayEnd } from '../../state/days.ts';
import type { Zone } from '../types.ts';

export interface AuditFilter {
  text: string;
  /** A person's id, or everybody. */
  who: string;
  act: string;
  result: '' | 'done' | 'refused';
  zone: '' | Zone;
  /** Days as `<input type="date">` writes them, or empty. */
  from: string;
  to: string;
}

export const everything: AuditFilter = { text: '', who: '', act: '', result: '', zone: '', from: '', to: '' };

/**
 * The filter as a query. A day begins and ends where the person is; `to` means the whole of that day.
 *
 * @param before the cursor of the page before, or nothing for the newest
 */
export function queryOf(filter: AuditFilter, before?: string, limit?: number): string {
  const query = new URLSearchParams();
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(name, String(value));
  };
  add('text', filter.text.trim());
  add('who', filter.who);
  add('act', filter.act);
  add('result', filter.result);
  add('zone', filter.zone);
  add('from', dayBegin(filter.from));
  add('to', dayEnd(filter.to));
  add('before', before);
  add('limit', limit);
  return query.toString();
}

export function isFiltered(filter: AuditFilter): boolean {
  return queryOf(filter) !== '';
}
