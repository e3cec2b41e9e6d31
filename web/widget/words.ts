// Everything the chat says to people.
import messages from '../../translations/en/chat.ftl';
import { words } from '../parts/words.ts';

export const t = words(messages);

/** The reader's own English for times and dates; other languages come with their translations. */
export const locale: string = navigator.languages?.find((language) => language === 'en' || language.startsWith('en-')) ?? 'en-GB';
