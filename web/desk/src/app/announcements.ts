/**
 * News → the sentence a screen reader hears. Only what the agent would look up for: their own doings are silent.
 */
import type { Model } from '../state/model.ts';
import type { News } from '../state/reduce.ts';
import { statusWord, t, visitorOf } from '../words.ts';

export function newsInWords(news: News, model: Model, current: string | null): string | null {
  switch (news.kind) {
    case 'vault':
      return t(news.up ? 'announce-vault-up' : 'announce-vault-down');
    case 'conversation':
      if (!news.waits || news.conversation.id === current) return null;
      return t('announce-waits', { visitor: visitorOf(news.conversation) });
    case 'entry': {
      const { entry } = news;
      const conversation = model.conversations[entry.conversation];
      const visitor = conversation === undefined ? '' : visitorOf(conversation);
      const here = entry.conversation === current;
      switch (entry.kind) {
        case 'message':
          return here && entry.from === 'visitor'
            ? t('announce-message', { visitor, text: entry.text })
            : null;
        case 'status': {
          const invitation = model.invitations[entry.invitation];
          if (invitation === undefined || !invitation.mine || entry.status === 'read') return null;
          return t('announce-status', {
            form: invitation.title,
            status: statusWord(entry.status),
            visitor,
          });
        }
        case 'gone': {
          const invitation = model.invitations[entry.invitation];
          return invitation?.mine ? t('announce-gone', { form: invitation.title, visitor }) : null;
        }
        case 'asked':
          return t('announce-asked', { visitor });
        case 'closed':
          return here ? t('announce-closed', { visitor }) : null;
        default:
          return null;
      }
    }
    default:
      return null;
  }
}
