/** Refusals of the desk → the sentence for the agent: what was not done, and so what may be tried again. */
import type { Refusal } from '../../../parts/call.ts';
import { t } from '../words.ts';

export function refusalInWords(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'unreachable':
      return t('problem-offline');
    case 'vault_down':
      return t('problem-vault-down');
    case 'busy':
      return t('problem-busy');
    case 'expired':
      return t('problem-expired');
    case 'wrong_state':
    case 'used':
      return t('problem-wrong-state');
    default:
      return t('problem-failed');
  }
}
