/** What an agent does with forms: send one, take it back, offer it again. */
import { applyEntry } from '../state/reduce.ts';
import type { Channel, Form } from '../api/types.ts';
import { api } from '../api/client.ts';
import type { Refusal } from '../../../parts/call.ts';
import { uuid } from '../../../parts/identity.ts';
import { t } from '../words.ts';
import type { Desk } from './desk.svelte.ts';
import { refusalInWords } from './refusals.ts';

/** A link that was just made: shown once, kept nowhere else. */
export interface FreshLink {
  url: string;
  title: string;
}

export class Invitations {
  freshLink = $state<FreshLink | null>(null);
  /** The invitation that somebody asked to see; its transcript brings it before the eyes and takes this back. */
  wanted = $state<string | null>(null);
  readonly #desk: Desk;
  readonly #attempts = new Map<string, string>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  clear(): void {
    this.freshLink = null;
    this.wanted = null;
    this.#attempts.clear();
  }

  /** Sends a form. A try whose reply was lost keeps its id, so that the next try finds the same invitation. */
  async send(conversation: string, form: Form, channel: Channel): Promise<boolean> {
    const name = `send-${conversation}-${form.hash}-${channel}`;
    if (this.#desk.busy[name]) return false;
    const id = this.#attempts.get(name) ?? uuid();
    this.#attempts.set(name, id);
    const answer = await this.#desk.command(name, () => api.invite(conversation, id, form.hash, channel));
    if (!answer.ok) {
      if (!this.#desk.signedOut(answer.refusal)) {
        if (answer.refusal.status >= 400 && answer.refusal.status < 500) this.#attempts.delete(name);
        if (this.#missing(answer.refusal)) return false;
        this.#desk.notices.bad(answer.refusal.kind === 'vault_down' ? t('send-vault-down') : refusalInWords(answer.refusal), {
          label: t('try-again'),
          run: () => void this.send(conversation, form, channel),
        });
      }
      return false;
    }
    this.#attempts.delete(name);
    applyEntry(this.#desk.model, answer.value.entry);
    if (answer.value.link !== null) this.freshLink = { url: answer.value.link, title: form.title };
    else this.#desk.notices.announce(t('announce-sent', { form: form.title }));
    return true;
  }

  /** Something has to be done before any form can be sent: the page knows it from now on, and says what. */
  #missing(refusal: Refusal): boolean {
    const { session, notices } = this.#desk;
    if (session === null) return false;
    if (refusal.kind === 'no_factor') {
      session.vault_factor = false;
      notices.bad(refusalInWords(refusal), { label: t('no-factor-set-up'), run: () => (this.#desk.sheet = 'vault-factor') });
      return true;
    }
    if (refusal.kind !== 'forms_stopped') return false;
    session.forms_on = false;
    notices.bad(refusalInWords(refusal));
    return true;
  }

  async cancel(invitation: string): Promise<void> {
    const answer = await this.#desk.command(`cancel-${invitation}`, () => api.cancel(invitation));
    if (!answer.ok && !this.#desk.signedOut(answer.refusal)) {
      this.#desk.notices.bad(
        answer.refusal.kind === 'wrong_state' ? t('cancel-too-late') : refusalInWords(answer.refusal),
        answer.refusal.kind === 'wrong_state'
          ? null
          : { label: t('try-again'), run: () => void this.cancel(invitation) },
      );
    }
  }

  /** Voids the former link or opening and offers the same invitation again (S14). */
  async reissue(invitation: string): Promise<void> {
    const answer = await this.#desk.command(`reissue-${invitation}`, () => api.reissue(invitation));
    const known = this.#desk.model.invitations[invitation];
    if (answer.ok) {
      if (known !== undefined) known.asked = false;
      if (answer.value.link !== null) {
        this.freshLink = { url: answer.value.link, title: known?.title ?? '' };
      } else this.#desk.notices.good(t('reissued'));
    } else if (!this.#desk.signedOut(answer.refusal)) {
      this.#desk.notices.bad(refusalInWords(answer.refusal), {
        label: t('try-again'),
        run: () => void this.reissue(invitation),
      });
    }
  }
}
