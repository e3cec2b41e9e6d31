/** What keeping and privacy say. The words come with their chunk. */
import source from '../../../../../translations/en/privacy.ftl';
import { words } from '../../../../parts/words.ts';
import type { KeptState } from './api.ts';

export const t = words(source);

/** As `t`, for a sentence that goes into another one, which isolates it itself. */
export function plain(id: string, variables?: Parameters<typeof t>[1]): string {
  return t(id, variables).replace(/[\u2066-\u2069]/g, '');
}

/** What was just asked to be erased may be gone in both zones by the time the desk answers. */
export function erasingInWords({ state, reference }: { state: KeptState; reference: string }): string {
  return state === 'erased' ? t('erase-done', { reference }) : t('erase-begun');
}
