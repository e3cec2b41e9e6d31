/** Permissions as switches, and what saving them means: profiles are what people have, never single permissions. */
import type { Permission, Profile, Role } from '../types.ts';

/** In the order in which a person reads them. */
export const PERMISSIONS: readonly Permission[] = [
  'handle_conversations',
  'use_secure_forms',
  'reveal_card_numbers',
  'copy_answers',
  'view_history_answers',
  'export',
  'erase_data',
  'manage_forms',
  'manage_people',
  'manage_security',
  'manage_keys',
  'read_audit',
];

export const ROLES: readonly Role[] = ['agent', 'manager', 'admin'];

export interface Switch {
  permission: Permission;
  on: boolean;
  /** What the role's own profile says. */
  byDefault: boolean;
}

/** The switches of a role: what its ceiling allows, and nothing else. */
export function switches(role: Role, on: readonly Permission[], profiles: readonly Profile[]): Switch[] {
  const own = builtIn(role, profiles);
  return PERMISSIONS.filter((permission) => own?.ceiling.includes(permission)).map((permission) => ({
    permission,
    on: on.includes(permission),
    byDefault: own?.permissions.includes(permission) ?? false,
  }));
}

export function toggled(permissions: readonly Permission[], permission: Permission, on: boolean): Permission[] {
  return PERMISSIONS.filter((one) => (one === permission ? on : permissions.includes(one)));
}

export function builtIn(role: Role, profiles: readonly Profile[]): Profile | undefined {
  return profiles.find((profile) => profile.role === role && profile.built_in);
}

export function samePermissions(one: readonly Permission[], other: readonly Permission[]): boolean {
  return one.length === other.length && one.every((permission) => other.includes(permission));
}

/** What saving a person's switches comes to. */
export type Plan =
  | { kind: 'nothing' }
  /** A profile like this exists: the person gets it. */
  | { kind: 'assign'; profile: Profile }
  /** The person's profile is theirs alone: it changes. */
  | { kind: 'change'; profile: Profile }
  /** A profile of their own is made. */
  | { kind: 'create'; role: Role };

/** @param chosen the profile in the select; @param wanted the switches as they stand */
export function plan(current: Profile, chosen: Profile, wanted: readonly Permission[], profiles: readonly Profile[]): Plan {
  if (samePermissions(chosen.permissions, wanted)) {
    return chosen.id === current.id ? { kind: 'nothing' } : { kind: 'assign', profile: chosen };
  }
  const same = profiles.find((profile) => profile.role === chosen.role && samePermissions(profile.permissions, wanted));
  if (same !== undefined) return same.id === current.id ? { kind: 'nothing' } : { kind: 'assign', profile: same };
  if (chosen.id === current.id && !chosen.built_in && chosen.people === 1) return { kind: 'change', profile: chosen };
  return { kind: 'create', role: chosen.role };
}

/** A name that no other profile of the site has: the wish, or the wish with a number. */
export function freeName(wish: string, profiles: readonly Profile[]): string {
  const taken = new Set(profiles.map((profile) => profile.name));
  let name = wish;
  for (let number = 2; taken.has(name); number += 1) name = `${wish.slice(0, 55)} ${number}`;
  return name;
}
