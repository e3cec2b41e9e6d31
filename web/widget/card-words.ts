// What a form's card, its sheet and its questions say to people.
import messages from '../../translations/en/card.ftl';
import { words } from '../parts/words.ts';

export const t = words(messages);
