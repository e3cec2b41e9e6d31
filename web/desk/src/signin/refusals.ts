/** Refusals of the sign-in's commands → the sentence for the person. */
import type { Refusal } from '../../../parts/call.ts';
import { refusalInWords as common } from '../app/refusals.ts';
import { t } from './words.ts';

export function inWords(refusal: Refusal): string {
  const { left } = refusal.document;
  switch (refusal.kind) {
    case 'wrong_code':
      return typeof left === 'number' ? t('wrong-code-left', { count: left }) : t('wrong-code');
    case 'login_failed':
      return t('wrong-password');
    case 'locked':
      return t('account-locked', { minutes: Math.max(1, Math.ceil((refusal.wait ?? 1_800) / 60)) });
    case 'busy':
      return refusal.wait === null ? common(refusal) : t('too-many', { seconds: refusal.wait });
    default:
      return common(refusal);
  }
}
