/** Everything the history says. The words come with its chunk. */
import source from '../../../../translations/en/history.ftl';
import { words } from '../../../parts/words.ts';

export const t = words(source);
