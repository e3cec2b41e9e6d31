/** What tests start from: the default policy. */
import type { Policy } from '../types.ts';

export const defaults: Policy = {
  password: { profile: 'pci', min_length: 12, letters_and_digits: true, history: 4, max_age_days: 90, changes_per_day: 2 },
  lockout: { on: true, tries: 6, minutes: 30, captcha_after: 3 },
  idle: { on: true, lock_after_minutes: 15, sign_out_after_minutes: 15 },
  session_hours: 12,
  second_factor: 'viewers',
  hide_card_numbers: true,
  audit_days: 400,
  idle_account_days: 90,
  review: { reveals_per_hour: 20, working_hours: null, unclosed_minutes: 60 },
};
