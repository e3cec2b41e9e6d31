/** Whether secure forms can be sent by this person now, and what is missing where they cannot. */
import type { Session } from '../api/types.ts';

/**
 * `none`: they are not part of this person's work, so nothing speaks of them. `stopped`: off for the whole site.
 * `no-factor`: the vault has no way yet to make sure that it is this person.
 */
export type Readiness = 'ready' | 'none' | 'stopped' | 'no-factor';

export function readiness(session: Pick<Session, 'permissions' | 'forms_on' | 'vault_factor'> | null): Readiness {
  if (session === null || !session.permissions.includes('use_secure_forms')) return 'none';
  if (!session.forms_on) return 'stopped';
  // Null: the vault cannot say. Then nothing stands in the way here, and the vault decides.
  return session.vault_factor === false ? 'no-factor' : 'ready';
}
