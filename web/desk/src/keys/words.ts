/** What the list of keys says. The words come with its chunk. */
import source from '../../../../translations/en/keys.ftl';
import { words } from '../../../parts/words.ts';

export const t = words(source);
