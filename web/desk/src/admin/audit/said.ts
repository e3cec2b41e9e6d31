/** Entries in words. An act that has no word here is shown by the name that stands in the log: nothing is left out. */
import type { AuditEntry } from '../types.ts';
import { figure } from '../dates.ts';
import { plain } from '../words.ts';

/** The words behind an id, else the name that stands in the log, readable. */
function word(id: string, name: string): string {
  const said = plain(id);
  return said === id ? name.replaceAll('_', ' ') : said;
}

const dashed = (name: string) => name.replaceAll('_', '-');

export const actInWords = (act: string): string => word(`act-${dashed(act)}`, act);
export const reasonInWords = (reason: string): string => word(`reason-${dashed(reason)}`, reason);
export const kindInWords = (kind: string): string => word(`on-${dashed(kind)}`, kind);

/** Who did it: the name, where there is one. */
export function whoInWords(who: AuditEntry['who']): string {
  if (who.name !== null) return who.kind === 'visitor' ? plain('who-visitor-named', { name: who.name }) : who.name;
  const known = word(`who-${dashed(who.kind)}`, who.kind);
  return who.id === null ? known : `${known} ${shortId(who.id)}`;
}

/** On what: each thing by its kind and the end of its id. */
export function onInWords(on: AuditEntry['on']): string {
  return Object.entries(on)
    .map(([kind, id]) => `${kindInWords(kind)} ${shortId(id)}`.trim())
    .join(' · ');
}

/** V 18,205 */
export function numberInWords(entry: Pick<AuditEntry, 'zone' | 'sequence'>): string {
  return plain('entry-number', { zone: plain(`zone-short-${entry.zone}`), number: figure(entry.sequence) });
}

/** The end of an id, which tells two of a kind apart; what is no id stays whole. */
export function shortId(id: string): string {
  return /^[0-9a-f-]{36}$/.test(id) ? id.slice(-4).toUpperCase() : id;
}

/** A hash in groups of four, its middle left out. */
export function shortHash(hash: string): string {
  const groups = hash.match(/.{1,4}/g) ?? [];
  return groups.length <= 6 ? groups.join(' ') : `${groups.slice(0, 3).join(' ')} … ${groups[groups.length - 1] ?? ''}`;
}
