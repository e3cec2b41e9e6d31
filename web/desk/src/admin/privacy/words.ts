/** What keeping and privacy say. The words come with their chunk. */
import source from '../../../../../translations/en/privacy.ftl';
import { words } from '../../../../parts/words.ts';

export const t = words(source);

/** As `t`, for a sentence that goes into another one, which isolates it itself. */
export function plain(id: string, variables?: Parameters<typeof t>[1]): string {
  return t(id, variables).replace(/[\u2066-\u2069]/g, '');
}
