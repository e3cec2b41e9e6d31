/** What is said before a conversation is handed on or resolved, and before one signs out. The words come with its chunk. */
import source from '../../../../translations/en/leaving.ftl';
import { words } from '../../../parts/words.ts';

export const t = words(source);
