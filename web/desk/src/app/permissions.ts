/** What opens which part of the workspace. The desk checks each request itself: this only leaves out what it would refuse. */
import type { Permission } from '../api/types.ts';

/** Each of these has a place in the admin panel. */
export const ADMIN_PERMISSIONS: readonly Permission[] = ['manage_people', 'manage_security', 'manage_keys', 'read_audit'];

export function mayAdminister(permissions: readonly Permission[]): boolean {
  return ADMIN_PERMISSIONS.some((permission) => permissions.includes(permission));
}
