/** What the sign-in's later steps, the lock and the account say; it comes with them. */
import source from '../../../../translations/en/sign-in.ftl';
import { words } from '../../../parts/words.ts';

export const t = words(source);
