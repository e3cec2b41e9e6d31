/** Everything the workspace says, from the same Fluent files as the servers. */
import source from '../../../translations/en/desk.ftl';
import { words } from '../../parts/words.ts';
import type { ConversationSummary, Status } from './api/types.ts';
import { span } from './state/times.ts';

export const t = words(source);

export function statusWord(status: Status): string {
  return t(`status-${status}`);
}

/** A visitor's name, or a short one made of the conversation's id: two nameless visitors must not look the same. */
export function visitorOf(conversation: Pick<ConversationSummary, 'id' | 'visitor_name'>): string {
  if (conversation.visitor_name !== null) return conversation.visitor_name;
  // A name is put into other sentences, which isolate it themselves.
  return t('visitor', { short: conversation.id.slice(-4).toUpperCase() }).replace(/[\u2068\u2069]/g, '');
}

/** "12 min", "3 h": how long something has lasted. */
export function duration(milliseconds: number): string {
  const length = span(milliseconds);
  return length.unit === 'now' ? t('span-now') : t(`span-${length.unit}`, { count: length.count });
}

/** One or two letters that stand for a person. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word !== '');
  const first = Array.from(words[0] ?? '?')[0] ?? '?';
  const last = words.length > 1 ? (Array.from(words[words.length - 1] ?? '')[0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
