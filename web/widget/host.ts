// The brand's page around the chat: told what it needs for its launcher, and nothing of the conversation.
// The browser lets only the site's own origins frame this page (frame-ancestors), so the parent that speaks
// is one of them. It speaks first, when this page has loaded; from then on its exact origin is the only one heard.

/** How the panel stands on the page. */
export interface Standing {
  shown: boolean;
  /** Fills the screen: a phone. */
  full: boolean;
}

export class Host {
  #origin: string | null = null;
  readonly #change: (standing: Standing) => void;

  constructor(change: (standing: Standing) => void) {
    this.#change = change;
    if (!this.framed) return;
    addEventListener('message', this.#hear);
  }

  /** Whether there is a page around; without one there is nothing to minimise. */
  get framed(): boolean {
    return parent !== window;
  }

  minimise(): void {
    this.#say({ aside: 'minimise' });
  }

  close(): void {
    this.#say({ aside: 'close' });
  }

  unread(count: number): void {
    this.#say({ aside: 'unread', count });
  }

  #say(message: { aside: string; count?: number }): void {
    if (this.#origin) parent.postMessage(message, this.#origin);
  }

  readonly #hear = (event: MessageEvent): void => {
    if (event.source !== parent || event.origin === 'null') return;
    const said = event.data as { aside?: unknown; full?: unknown } | null;
    if (said?.aside !== 'shown' && said?.aside !== 'hidden') return;
    this.#origin ??= event.origin;
    if (event.origin !== this.#origin) return;
    this.#change({ shown: said.aside === 'shown', full: said.full === true });
  };
}
