/** How an API key stands. */
import type { Key } from '../types.ts';

export type KeyState = 'working' | 'ends_soon' | 'over' | 'revoked';

const WEEK = 7 * 86_400_000;

/** A key that ends within a week is said to: whoever uses it needs a new one. */
export function keyState(key: Pick<Key, 'expires_at' | 'revoked_at'>, now: number): KeyState {
  if (key.revoked_at !== null) return 'revoked';
  if (key.expires_at <= now) return 'over';
  return key.expires_at - now < WEEK ? 'ends_soon' : 'working';
}

/** Those that work first, the newest on top. */
export function sortKeys(keys: readonly Key[], now: number): Key[] {
  const gone = (key: Key) => (['over', 'revoked'].includes(keyState(key, now)) ? 1 : 0);
  return keys.toSorted((one, other) => gone(one) - gone(other) || other.created_at - one.created_at);
}
