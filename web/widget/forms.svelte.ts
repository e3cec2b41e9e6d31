// The forms of this conversation on this device: which one stands in the sheet, and how far each has come.
import { untrack } from 'svelte';
import * as desk from '../api/visitor.ts';
import { step, type Occurrence, type Phase } from './invitation.ts';
import * as marks from './marks.ts';
import type { Opening, OpeningOptions } from './opening.ts';
import type * as Secure from './secure.ts';

/** Asking for a new form: on its way, done, or not come through. */
export type Asking = 'asking' | 'asked' | 'failed';

const IDLE: Phase = { at: 'idle' };

export class Forms {
  #phases = $state.raw<ReadonlyMap<string, Phase>>(new Map());
  #asking = $state.raw<ReadonlyMap<string, Asking>>(new Map());
  #places = $state.raw<ReadonlyMap<string, marks.Place | undefined>>(new Map());
  readonly #vault: () => string;
  #opening: Opening | null = null;

  /** Card and sheet: fetched behind the chat's first view, which most visits end with. */
  parts = $state.raw<typeof Secure | null>(null);
  #fetching = false;

  /** The invitation whose form the sheet holds. */
  current = $state<string | null>(null);
  /** On a phone the sheet can step aside without losing what is typed in it. */
  aside = $state(false);
  /** The frame keeps no cookie: the sheet asks where to go on. */
  choosing = $state(false);
  /** Height of the page in the frame; null while unknown. */
  height = $state<number | null>(null);

  constructor(vault: () => string) {
    this.#vault = vault;
  }

  phase(invitation: string): Phase {
    return this.#phases.get(invitation) ?? IDLE;
  }

  asking(invitation: string): Asking | undefined {
    return this.#asking.get(invitation);
  }

  /** Where this device opened the form; undefined where it did not. */
  place(invitation: string): marks.Place | undefined {
    return this.#places.has(invitation) ? this.#places.get(invitation) : marks.opened(invitation);
  }

  /** Fetches card and sheet. What fails is tried again at the next call. */
  async fetch(): Promise<void> {
    if (this.parts || this.#fetching) return;
    this.#fetching = true;
    try {
      this.parts = await import('./secure.ts');
    } catch {
      // No connection just now: the stream names the form until the card is there.
    } finally {
      this.#fetching = false;
    }
  }

  /** The click. The sheet makes the frame, and calls `attach` with it. */
  open(invitation: string): void {
    if (this.current === invitation && this.phase(invitation).at === 'shown') {
      this.aside = false;
      return;
    }
    this.close();
    this.#occur(invitation, 'click');
    this.current = invitation;
  }

  /** The frame is there: brings the form into it. Answers how to let go of it. */
  attach(invitation: string, make: (options: Omit<OpeningOptions, 'frame'>) => Opening): () => void {
    const opening = make({
      vault: untrack(this.#vault),
      mint: () => desk.open(invitation),
      occur: (occurrence) => this.#happen(invitation, occurrence),
      placed: (kept) => this.#place(invitation, kept ? 'frame' : 'once'),
      grow: (pixels) => (this.height = pixels),
      choose: () => (this.choosing = true),
    });
    this.#opening = opening;
    if (untrack(() => this.place(invitation)) === 'frame') opening.resume(invitation);
    else opening.begin();
    return () => opening.stop();
  }

  /** The answer to `choosing`. */
  choose(where: 'frame' | 'tab'): void {
    const invitation = this.current;
    if (invitation === null) return;
    this.choosing = false;
    void this.#opening?.go(where);
    if (where === 'tab') this.#place(invitation, 'tab');
  }

  /** Takes the sheet away. The device that opened the form may bring an empty one back. */
  close(): void {
    const invitation = this.current;
    if (invitation === null) return;
    this.current = null;
    this.#opening = null;
    this.aside = false;
    this.choosing = false;
    this.height = null;
    this.#occur(invitation, 'closed');
  }

  async ask(invitation: string): Promise<void> {
    this.#ask(invitation, 'asking');
    try {
      await desk.ask(invitation);
      this.#ask(invitation, 'asked');
    } catch {
      this.#ask(invitation, 'failed');
    }
  }

  #ask(invitation: string, asking: Asking): void {
    this.#asking = new Map(this.#asking).set(invitation, asking);
  }

  #occur(invitation: string, occurrence: Occurrence): void {
    this.#phases = new Map(this.#phases).set(invitation, step(this.phase(invitation), occurrence));
  }

  #happen(invitation: string, occurrence: Occurrence): void {
    this.#occur(invitation, occurrence);
    switch (occurrence) {
      case 'closed':
        this.close();
        break;
      case 'refused':
        // The vault does not know this device any more: the next click asks anew.
        this.#places = new Map(this.#places).set(invitation, undefined);
        marks.forget(invitation);
        this.#leave(invitation);
        break;
      case 'unreachable':
      case 'busy':
      case 'full':
      case 'sealed':
      case 'taken':
        this.#leave(invitation);
        break;
      case 'click':
      case 'shown':
      case 'sent':
      case 'declined':
        break;
    }
  }

  /** The card says what went wrong; an empty sheet would say nothing. */
  #leave(invitation: string): void {
    if (this.current === invitation) this.close();
  }

  #place(invitation: string, place: marks.Place): void {
    this.#places = new Map(this.#places).set(invitation, place);
    marks.remember(invitation, place);
  }
}
