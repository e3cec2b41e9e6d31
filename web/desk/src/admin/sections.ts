/** The sections of the panel, in their order, and the permissions of which one opens each. */
import type { Outline } from '../../../parts/icons.ts';
import { users } from '../../../parts/icons.ts';
import type { Permission } from './types.ts';
import { activity, archive, bell, idCard, keyRound, scrollText, shieldCheck, userSearch } from './icons.ts';

export type Section = 'people' | 'profiles' | 'security' | 'keeping' | 'privacy' | 'keys' | 'audit' | 'alerts' | 'access';

const SECTIONS: { name: Section; icon: Outline; needs: readonly Permission[] }[] = [
  { name: 'people', icon: users, needs: ['manage_people'] },
  { name: 'profiles', icon: idCard, needs: ['manage_people'] },
  { name: 'security', icon: shieldCheck, needs: ['manage_security'] },
  { name: 'keeping', icon: archive, needs: ['manage_security'] },
  { name: 'privacy', icon: userSearch, needs: ['export', 'erase_data'] },
  { name: 'keys', icon: keyRound, needs: ['manage_keys'] },
  { name: 'audit', icon: scrollText, needs: ['read_audit'] },
  { name: 'alerts', icon: bell, needs: ['read_audit'] },
  { name: 'access', icon: activity, needs: ['read_audit'] },
];

/** Only what the person may open: the others are not there at all. */
export function sectionsFor(permissions: readonly Permission[]): typeof SECTIONS {
  return SECTIONS.filter((section) => section.needs.some((one) => permissions.includes(one)));
}

/** The section that an address names, if the person may open it. */
export function sectionNamed(name: string | undefined, permissions: readonly Permission[]): Section | null {
  return sectionsFor(permissions).find((section) => section.name === name)?.name ?? null;
}
