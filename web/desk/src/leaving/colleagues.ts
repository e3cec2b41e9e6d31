/** Who can take a conversation, in the order in which a person looks for them. */
import type { Colleague } from '../api/types.ts';

/** Those who are here first, then by name; only those whose name has the words. */
export function order(colleagues: readonly Colleague[], query: string): Colleague[] {
  const words = query.toLocaleLowerCase().split(/\s+/);
  const matches = (name: string) => words.every((word) => name.toLocaleLowerCase().includes(word));
  return colleagues
    .filter((one) => matches(one.display_name))
    .sort((one, other) => Number(other.here) - Number(one.here) || one.display_name.localeCompare(other.display_name));
}
