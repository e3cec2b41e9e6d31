/**
 * The rules of a password, as far as a page can check them while one types. The desk checks all of them when it is saved:
 * only there are the lists of known passwords, and the former ones.
 */
import type { PasswordRules } from '../api/types.ts';

export type Rule = 'length' | 'mixed' | 'name' | 'common' | 'history';

/** `open`: not met yet. `later`: only the desk can tell. `broken`: the desk said no. */
export type RuleState = 'met' | 'open' | 'later' | 'broken';

/** Whose password it is: none of these words may stand in it. */
export interface Owner {
  name: string;
  display_name: string;
  brand: string;
}

/** Why the desk refused a password. */
export type Reason = 'too_short' | 'too_long' | 'no_digit' | 'no_letter' | 'common' | 'contains_name' | 'used_before' | 'too_many_changes';

const BROKEN: Record<Reason, Rule | null> = {
  too_short: 'length',
  too_long: 'length',
  no_digit: 'mixed',
  no_letter: 'mixed',
  contains_name: 'name',
  common: 'common',
  used_before: 'history',
  // Not the password's fault.
  too_many_changes: null,
};

/** Shorter names stand in too many words to be forbidden. */
const SHORTEST_NAME = 3;

/** The rules in the order in which they are shown, and how the password stands to each. */
export function ruleStates(
  typed: string,
  rules: PasswordRules,
  owner: Owner,
  refused: readonly string[] = [],
): { rule: Rule; state: RuleState }[] {
  // One keyboard's é is another's e and an accent: the desk takes them for the same.
  const password = typed.normalize('NFKC');
  const broken = new Set(refused.map((reason) => BROKEN[reason as Reason]));
  const checked = (rule: Rule, met: boolean) => ({ rule, state: met && !broken.has(rule) ? 'met' : broken.has(rule) ? 'broken' : 'open' }) as const;
  const later = (rule: Rule) => ({ rule, state: broken.has(rule) ? 'broken' : 'later' }) as const;
  return [
    checked('length', Array.from(password).length >= rules.min_length),
    ...(rules.profile === 'pci' && rules.letters_and_digits ? [checked('mixed', /\p{L}/u.test(password) && /\p{N}/u.test(password))] : []),
    checked('name', password !== '' && !containsName(password, owner)),
    later('common'),
    ...(rules.history > 0 ? [later('history')] : []),
  ];
}

/** As the desk looks for names: each whole, and each part of it. */
function containsName(password: string, owner: Owner): boolean {
  const folded = password.toLowerCase();
  return [owner.name, owner.display_name, owner.brand, 'aside']
    .flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)])
    .some((part) => Array.from(part).length >= SHORTEST_NAME && folded.includes(part.toLowerCase()));
}

/** Whether it is worth asking the desk. */
export function mayBeSaved(states: readonly { state: RuleState }[]): boolean {
  return states.every(({ state }) => state === 'met' || state === 'later');
}

/** The reasons out of a refusal's document; none where the desk gave none. */
export function reasonsOf(document: Readonly<Record<string, unknown>>): string[] {
  const { reasons } = document;
  return Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [];
}
