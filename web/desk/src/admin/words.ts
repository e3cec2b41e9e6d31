/** Everything the admin panel says. The words come with its chunk. */
import source from '../../../../translations/en/admin.ftl';
import { words } from '../../../parts/words.ts';

export const t = words(source);

/** As `t`, for a sentence that goes into another one, which isolates it itself. */
export function plain(id: string, variables?: Parameters<typeof t>[1]): string {
  return t(id, variables).replace(/[\u2066-\u2069]/g, '');
}

/** What a profile is called: the ones that come with a role are called as the role is. */
export function nameOfProfile(name: string): string {
  return name === 'agent' || name === 'manager' || name === 'admin' ? t(`role-${name}`) : name;
}
