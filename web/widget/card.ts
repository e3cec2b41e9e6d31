// The words, the icon and the buttons of the invitation card in each state. Pure: state in, what to show out.
import type { Outline } from '../parts/icons.ts';
import * as icons from '../parts/icons.ts';
import type { Say } from '../parts/words.ts';
import type { CardState, Known } from './invitation.ts';
import type { Times } from './time.ts';
import type { CancelReason, Timestamp } from '../api/types.ts';

export type Tone = 'accent' | 'good' | 'warning' | 'bad' | 'plain';

export interface CardWords {
  icon: Outline;
  tone: Tone;
  /** A bold word or two. */
  status: string;
  /** What follows it in the same line. */
  fact: string | null;
  explanation: string | null;
  /** At most one of them is the main one. */
  buttons: CardButton[];
}

export interface CardButton {
  does: 'open' | 'ask';
  label: string;
  main: boolean;
  disabled: boolean;
}

export interface CardFacts {
  known: Known;
  brand: string;
  agent: string;
  now: Timestamp;
}

/** Why a form can't open just now. */
const TROUBLES = { busy: 'card-busy-words', full: 'card-full-words', sealed: 'card-sealed-words' } as const;

/** What a form that was closed says by why it was, and whether a new one is worth asking for. */
const CANCELLED: Record<CancelReason, { status: string; words: string; again: boolean }> = {
  agent: { status: 'card-cancelled', words: 'card-cancelled-words', again: false },
  conversation_closed: { status: 'card-cancelled', words: 'card-cancelled-lost-words', again: false },
  session_ended: { status: 'card-cancelled', words: 'card-ended-words', again: true },
  right_lost: { status: 'card-cancelled', words: 'card-ended-words', again: true },
  transferred: { status: 'card-cancelled', words: 'card-transferred-words', again: true },
  stopped: { status: 'card-cancelled', words: 'card-stopped-words', again: false },
  form_closed: { status: 'card-closed', words: 'card-closed-words', again: true },
  another_form: { status: 'card-closed', words: 'card-another-words', again: true },
};

export function cardWords(state: CardState, { known, brand, agent, now }: CardFacts, t: Say, times: Times): CardWords {
  const open = (label: string, main = true, disabled = false): CardButton => ({ does: 'open', label: t(label), main, disabled });
  const ask = (label = 'card-ask'): CardButton => ({ does: 'ask', label: t(label), main: false, disabled: false });
  const when = (at: Timestamp) => times.moment(at, now);
  const straight = t('card-ready-words', { brand, agent });
  switch (state) {
    case 'ready':
      return {
        icon: icons.clock,
        tone: 'accent',
        status: t('card-ready'),
        fact: known.expires === null ? null : t('card-ready-fact', { moment: when(known.expires) }),
        explanation: straight,
        buttons: [open('card-ready-button')],
      };
    case 'opening':
      return { icon: icons.clock, tone: 'accent', status: t('card-opening'), fact: null, explanation: t('card-opening-words', { brand }), buttons: [] };
    case 'open_here':
      return {
        icon: icons.timer,
        tone: 'accent',
        status: t('card-open-here'),
        fact: left(known, now, t),
        explanation: t('card-open-here-words'),
        buttons: [open('card-open-here-button', false)],
      };
    case 'open_in_tab':
      return { icon: icons.timer, tone: 'accent', status: t('card-open-tab'), fact: left(known, now, t), explanation: t('card-open-tab-words'), buttons: [] };
    case 'lost':
      return { icon: icons.circleAlert, tone: 'warning', status: t('card-lost'), fact: null, explanation: t('card-lost-words'), buttons: [ask()] };
    case 'open_elsewhere':
      return {
        icon: icons.monitorSmartphone,
        tone: 'accent',
        status: t('card-open-elsewhere'),
        fact: null,
        explanation: t('card-open-elsewhere-words'),
        buttons: [ask('card-open-elsewhere-button')],
      };
    case 'could_not_load':
      return {
        icon: icons.circleAlert,
        tone: 'bad',
        status: t('card-could-not-load'),
        fact: null,
        explanation: t('card-could-not-load-words'),
        buttons: [open('card-try-again'), ask()],
      };
    case 'busy':
    case 'full':
    case 'sealed':
      return { icon: icons.cloudOff, tone: 'warning', status: t('card-busy'), fact: null, explanation: t(TROUBLES[state], { brand }), buttons: [open('card-try-again')] };
    case 'offline':
      return {
        icon: icons.wifiOff,
        tone: 'warning',
        status: t('card-offline'),
        fact: t('card-offline-fact'),
        explanation: straight,
        buttons: [open(known.status === 'viewed' ? 'card-open-here-button' : 'card-ready-button', false, true)],
      };
    case 'submitted':
      return {
        icon: icons.circleCheck,
        tone: 'good',
        status: t('card-submitted'),
        fact: known.submitted === null ? null : t('card-submitted-fact', { moment: when(known.submitted) }),
        explanation: t('card-submitted-words', { agent }),
        buttons: [],
      };
    case 'expired':
      return {
        icon: icons.clockAlert,
        tone: 'warning',
        status: t('card-expired'),
        fact: t('card-expired-fact', { moment: when(known.status === 'expired' ? known.since : (known.expires ?? now)) }),
        explanation: t(known.viewed ? 'card-expired-open-words' : 'card-expired-words'),
        buttons: [ask()],
      };
    case 'cancelled': {
      const { status, words, again } = CANCELLED[known.reason ?? 'agent'];
      return {
        icon: icons.ban,
        tone: 'plain',
        status: t(status),
        fact: t('card-cancelled-fact', { moment: when(known.since) }),
        explanation: t(words, { agent }),
        buttons: again ? [ask()] : [],
      };
    }
    case 'declined':
      return {
        icon: icons.hand,
        tone: 'plain',
        status: t('card-declined'),
        fact: t('card-declined-fact'),
        explanation: t('card-declined-words', { agent }),
        buttons: [],
      };
    case 'failed':
      return { icon: icons.circleAlert, tone: 'bad', status: t('card-failed'), fact: null, explanation: t('card-failed-words'), buttons: [ask()] };
  }
}

function left(known: Known, now: Timestamp, t: Say): string | null {
  if (known.expires === null || known.status !== 'viewed') return null;
  return t('minutes-left', { minutes: Math.max(0, Math.floor((known.expires - now) / 60_000)) });
}
