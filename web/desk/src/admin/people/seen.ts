/** When a person was last here, as one says it. */
import { dayStart } from '../../state/times.ts';
import type { Person } from '../types.ts';

export type Seen =
  | { kind: 'now' }
  | { kind: 'ago'; milliseconds: number }
  | { kind: 'today'; at: number }
  | { kind: 'day'; at: number }
  | { kind: 'never' };

const MINUTE = 60_000;

export function lastHere(person: Pick<Person, 'sessions' | 'last_seen_at'>, now: number): Seen {
  const at = person.last_seen_at;
  if (at === null) return { kind: 'never' };
  const ago = now - at;
  if (person.sessions > 0 && ago < 5 * MINUTE) return { kind: 'now' };
  if (ago < 4 * 60 * MINUTE && ago >= MINUTE) return { kind: 'ago', milliseconds: ago };
  return at >= dayStart(now) ? { kind: 'today', at } : { kind: 'day', at };
}
