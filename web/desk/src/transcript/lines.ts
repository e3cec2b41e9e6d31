/** The lines between what was said, in words. */
import type { Item } from '../state/stream.ts';
import { t } from '../words.ts';

type Of<Kind extends Item['kind']> = Extract<Item, { kind: Kind }>;

export function eventText(item: Of<'event'>, visitor: string): string {
  return t(`event-${item.event}`, { visitor });
}

/** @param me the display name of who reads it */
export function lineText(item: Of<'line'>, visitor: string, me: string | undefined): string {
  const { author, event, to } = item;
  const own = author !== null && author === me;
  if (to !== undefined) {
    return t(own ? 'line-transferred-you' : to === me ? 'line-transferred-me' : 'line-transferred', { agent: author ?? '', to });
  }
  if (author === null) return t(`line-${event}-visitor`, { visitor });
  return own ? t(`line-${event}-you`) : t(`line-${event}-agent`, { agent: author });
}
