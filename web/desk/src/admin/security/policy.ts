/**
 * The site's policy as the panel edits it: settings by their path, the minimum (A10), and what a change takes away. The
 * desk decides; this tells a person beforehand.
 */
import type { Part, Policy, Range } from '../types.ts';

export type Value = number | string | boolean | null;

/** The groups of settings, in their order, by tab. */
export const GROUPS = {
  'sign-in': ['password', 'lockout', 'idle', 'session', 'second_factor', 'accounts'],
  watching: ['chat', 'log', 'review'],
} as const;

export type Tab = keyof typeof GROUPS;
export type Group = (typeof GROUPS)[Tab][number];

export type Kind =
  | { kind: 'switch' }
  | { kind: 'number'; unit: string; /** Whether it may be off (null). */ optional?: true }
  | { kind: 'choice'; options: readonly string[] };

export interface Setting {
  /** Where it stands in the policy, and how the desk names it in a refusal. */
  path: string;
  group: Group;
  control: Kind;
  /** The switch without which it means nothing. */
  under?: string;
  /** Whether only the PCI DSS rules ask for it. */
  pci?: true;
}

const number = (unit: string): Kind => ({ kind: 'number', unit });

/** Every setting but the working hours, which have an editor of their own. */
export const SETTINGS: readonly Setting[] = [
  { path: 'password.profile', group: 'password', control: { kind: 'choice', options: ['pci', 'nist'] } },
  { path: 'password.min_length', group: 'password', control: number('characters') },
  { path: 'password.letters_and_digits', group: 'password', control: { kind: 'switch' }, pci: true },
  { path: 'password.history', group: 'password', control: number('passwords') },
  { path: 'password.max_age_days', group: 'password', control: { kind: 'number', unit: 'days', optional: true }, pci: true },
  { path: 'password.changes_per_day', group: 'password', control: number('times'), pci: true },
  { path: 'lockout.on', group: 'lockout', control: { kind: 'switch' } },
  { path: 'lockout.tries', group: 'lockout', control: number('tries'), under: 'lockout.on' },
  { path: 'lockout.minutes', group: 'lockout', control: number('minutes'), under: 'lockout.on' },
  { path: 'lockout.captcha_after', group: 'lockout', control: number('tries') },
  { path: 'idle.on', group: 'idle', control: { kind: 'switch' } },
  { path: 'idle.lock_after_minutes', group: 'idle', control: number('minutes'), under: 'idle.on' },
  { path: 'idle.sign_out_after_minutes', group: 'idle', control: number('minutes'), under: 'idle.on' },
  { path: 'session_hours', group: 'session', control: number('hours') },
  { path: 'second_factor', group: 'second_factor', control: { kind: 'choice', options: ['viewers', 'everyone', 'off'] } },
  { path: 'idle_account_days', group: 'accounts', control: number('days') },
  { path: 'hide_card_numbers', group: 'chat', control: { kind: 'switch' } },
  { path: 'audit_days', group: 'log', control: number('days') },
  { path: 'review.reveals_per_hour', group: 'review', control: number('reveals') },
  { path: 'review.unclosed_minutes', group: 'review', control: number('minutes') },
];

export function settingAt(path: string): Setting | undefined {
  return SETTINGS.find((setting) => setting.path === path);
}

export function tabOf(group: Group): Tab {
  return (GROUPS['sign-in'] as readonly Group[]).includes(group) ? 'sign-in' : 'watching';
}

export function valueAt(policy: Policy, path: string): Value {
  let value: unknown = policy;
  for (const step of path.split('.')) value = (value as Record<string, unknown>)[step];
  return value as Value;
}

/** The policy with one setting changed; the one given stays as it is. */
export function withValue(policy: Policy, path: string, value: Value): Policy {
  const [head = '', ...rest] = path.split('.');
  const old = (policy as unknown as Record<string, unknown>)[head];
  const next = rest.length === 0 ? value : withValue(old as Policy, rest.join('.'), value);
  return { ...policy, [head]: next };
}

/** The password rules of a book: choosing one begins with what it advises (NIST SP 800-63B, or the site's defaults). */
export function withBook(policy: Policy, book: Policy['password']['profile'], defaults: Policy): Policy {
  const nist = { ...policy.password, profile: book, min_length: 15, letters_and_digits: false, history: 4, max_age_days: null, changes_per_day: 10 };
  return { ...policy, password: book === 'nist' ? nist : { ...defaults.password, profile: book } };
}

/** What the range of a number is under the rules that are chosen, which the desk has not heard of yet. */
export function rangeUnder(policy: Policy, path: string, range: Range): Range {
  const nist = policy.password.profile === 'nist';
  if (path === 'password.min_length') return { ...range, min: nist ? 8 : 7 };
  return path === 'password.changes_per_day' ? { ...range, min: nist ? 10 : 1 } : range;
}

/** The group of settings behind each part of the minimum: where its Change leads. */
export const GROUP_OF_PART: Readonly<Record<Part, Group>> = {
  password: 'password',
  lockout: 'lockout',
  idle_lock: 'idle',
  hide_card_numbers: 'chat',
  second_factor: 'second_factor',
};

const PARTS = Object.keys(GROUP_OF_PART) as Part[];

/** Whether a policy keeps a part of the minimum, by the same rule as the desk. */
function keeps(policy: Policy, part: Part): boolean {
  const { password } = policy;
  switch (part) {
    case 'password':
      return password.min_length >= 12 && password.history >= 4 && (password.letters_and_digits || password.profile === 'nist');
    case 'lockout':
      return policy.lockout.on;
    case 'idle_lock':
      return policy.idle.on;
    case 'hide_card_numbers':
      return policy.hide_card_numbers;
    case 'second_factor':
      return policy.second_factor !== 'off';
  }
}

/** The parts of the minimum that a change takes away. With one of them gone, secure forms stop. */
export function takenAway(before: Policy, after: Policy): Part[] {
  return PARTS.filter((part) => keeps(before, part) && !keeps(after, part));
}

/** Whether a setting has its share in what a change takes away. */
export function stopsBy(before: Policy, after: Policy, path: string): boolean {
  const alone = takenAway(before, withValue(before, path, valueAt(after, path)));
  const together = takenAway(before, after);
  return alone.some((part) => together.includes(part));
}

/** The parts that a policy lacks. */
export function missing(policy: Policy): Part[] {
  return PARTS.filter((part) => !keeps(policy, part));
}

/** The paths that differ, the working hours as one. */
export function changed(before: Policy, after: Policy): string[] {
  const paths = SETTINGS.map((setting) => setting.path).filter((path) => valueAt(before, path) !== valueAt(after, path));
  const hours = (policy: Policy) => JSON.stringify(policy.review.working_hours);
  return hours(before) === hours(after) ? paths : [...paths, 'review.working_hours'];
}

/** What was written in a number's field: the number, or null where it is none or out of range. */
export function numberWritten(text: string, range: { min: number; max: number }): number | null {
  if (!/^\d{1,6}$/.test(text.trim())) return null;
  const value = Number(text.trim());
  return value >= range.min && value <= range.max ? value : null;
}
