/** What opens which part of the workspace. The desk checks each request itself: this only leaves out what it would refuse. */
import type { Permission, Session } from '../api/types.ts';

/** Each of these has a place in the admin panel. */
export const ADMIN_PERMISSIONS: readonly Permission[] = ['manage_people', 'manage_security', 'manage_keys', 'read_audit', 'export', 'erase_data'];

/** Whether conversations that are over are part of this person's work: managers see where forms stood, readers the answers. */
export function mayLookBack(session: Pick<Session, 'permissions' | 'role'> | null): boolean {
  if (session === null) return false;
  const { permissions, role } = session;
  return permissions.includes('view_history_answers') || (role !== 'agent' && permissions.includes('handle_conversations'));
}

export function mayAdminister(permissions: readonly Permission[]): boolean {
  return ADMIN_PERMISSIONS.some((permission) => permissions.includes(permission));
}
