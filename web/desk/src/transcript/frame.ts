import { Refusal } from '../../../parts/call.ts';
import type { ViewerNews, ViewKey } from './ViewerFrame.svelte';

/** What a frame of the vault may do in this page: ask for a passkey, make one, and copy where it is permitted. Nothing else. */
export function frameAllows(origin: string): string {
  return `publickey-credentials-get ${origin}; publickey-credentials-create ${origin}; clipboard-write ${origin}`;
}

/** What tells the vault's page to take a key. */
export function messageOf({ key, submission }: ViewKey): { aside: string; key: string; submission?: string } {
  return submission === undefined ? { aside: 'export', key } : { aside: 'view', key, submission };
}

/** What it means that the vault's page has nothing to show: for this moment, as the desk would have said it, or for this view. */
export function notLoaded(said: { kind?: unknown }): ViewerNews {
  switch (said.kind) {
    case 'sealed':
      return { kind: 'refused', refusal: new Refusal(503, 'vault_sealed', '') };
    case 'busy':
      return { kind: 'refused', refusal: new Refusal(503, 'vault_down', '') };
    default:
      return { kind: 'could-not-load' };
  }
}
