/** The four-step line in words and times. */
import type { Step } from '../../../parts/StatusLine.svelte';
import { clock } from '../app/clock.ts';
import type { InvitationState } from '../state/model.ts';
import { steps } from '../state/steps.ts';
import { statusWord, t } from '../words.ts';

export function statusSteps(invitation: InvitationState, now: number): Step[] {
  return steps(invitation).map((step) => ({
    key: step.status,
    label: statusWord(step.status),
    time: step.at === null ? (step.state === 'waiting' ? t('step-waiting') : null) : clock.step(step.at, now),
    state: step.state,
    said: t(`step-said-${step.state}`),
  }));
}
