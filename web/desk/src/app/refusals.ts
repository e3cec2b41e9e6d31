/** Refusals of the desk → the sentence for the agent: what was not done, and so what may be tried again. */
import type { Refusal } from '../../../parts/call.ts';
import { t } from '../words.ts';

export function refusalInWords(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'unreachable':
      return t('problem-offline');
    case 'vault_down':
      return t('problem-vault-down');
    case 'vault_sealed':
      return t('problem-vault-sealed');
    case 'vault_full':
      return t('problem-vault-full');
    case 'busy':
      return t('problem-busy');
    case 'not_allowed':
    case 'no_right':
      return t('problem-not-allowed');
    case 'forms_stopped':
      return t('problem-forms-stopped');
    case 'no_factor':
      return t('problem-no-factor');
    case 'low_space':
      return t('problem-low-space');
    case 'expired':
      return t('problem-expired');
    case 'wrong_state':
    case 'used':
      return t('problem-wrong-state');
    default:
      return t('problem-failed');
  }
}
