/** What is read from the desk: the list, the forms, the transcripts, and how far this person has read in them. */
import { api } from '../api/client.ts';
import { applyList, applyPage, markRead } from '../state/reduce.ts';
import { t } from '../words.ts';
import type { Desk } from './desk.svelte.ts';

export class Reading {
  listLoaded = $state(false);
  formsLoaded = $state(false);
  /** Conversations whose transcript could not be loaded. */
  broken = $state<Record<string, boolean>>({});
  readonly #desk: Desk;
  readonly #read = new Map<string, number>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  clear(): void {
    this.listLoaded = false;
    this.formsLoaded = false;
    this.broken = {};
    this.#read.clear();
  }

  /** What this person's work begins with. */
  begin(): void {
    if (this.#desk.may('handle_conversations')) void this.list();
    if (this.#desk.may('use_secure_forms') && !this.formsLoaded) void this.forms();
  }

  async list(): Promise<void> {
    const answer = await api.conversations();
    if (answer.ok) {
      applyList(this.#desk.model, answer.value);
      this.listLoaded = true;
    } else this.#desk.signedOut(answer.refusal);
  }

  async forms(): Promise<void> {
    const answer = await api.forms();
    if (answer.ok) {
      this.#desk.model.forms = answer.value;
      this.formsLoaded = true;
    } else this.#desk.signedOut(answer.refusal);
  }

  async transcript(conversation: string): Promise<void> {
    delete this.broken[conversation];
    const answer = await api.transcript(conversation);
    if (answer.ok) applyPage(this.#desk.model, answer.value);
    else if (!this.#desk.signedOut(answer.refusal)) {
      if (answer.refusal.status === 404) this.#desk.route.leave();
      else this.broken[conversation] = true;
    }
  }

  /** The transcript anew, where it is on the page. */
  again(conversation: string): void {
    if (this.#desk.model.transcripts[conversation] !== undefined) void this.transcript(conversation);
  }

  async older(conversation: string): Promise<void> {
    const first = this.#desk.model.transcripts[conversation]?.entries[0];
    if (first === undefined) return;
    const answer = await this.#desk.command(`older-${conversation}`, () => api.transcript(conversation, first.sequence));
    if (answer.ok) applyPage(this.#desk.model, answer.value);
    else if (!this.#desk.signedOut(answer.refusal)) this.#desk.notices.bad(t('older-failed'));
  }

  /** The agent has the newest of a conversation before their eyes. */
  seen(conversation: string): void {
    const newest = this.#desk.model.transcripts[conversation]?.entries.at(-1)?.sequence;
    const summary = this.#desk.model.conversations[conversation];
    if (newest === undefined || summary === undefined || summary.unread === 0) return;
    if ((this.#read.get(conversation) ?? -1) >= newest) return;
    this.#read.set(conversation, newest);
    markRead(this.#desk.model, conversation);
    void api.read(conversation, newest);
  }
}
