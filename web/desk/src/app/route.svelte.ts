/**
 * Where the agent is, in the address's fragment: Back works, a reload stays, and nothing of it reaches a server's log.
 * An id in it is a name, not a key.
 */

/** On narrow screens one pane shows at a time; on wide ones all do. */
export type Pane = 'list' | 'conversation' | 'forms';

/** The rail's places. */
export type Place = 'chats' | 'admin' | 'history';

const PLACE = /^#\/(admin|history)(?:\/(.*))?$/;
const PATTERN = /^#\/c\/([0-9a-f-]{36})(\/forms)?$/;

export class Route {
  place = $state<Place>('chats');
  /** Where in the admin panel or the history: the parts of the address behind `#/admin/` or `#/history/`. */
  section = $state<string[]>([]);
  conversation = $state<string | null>(null);
  pane = $state<Pane>('list');

  constructor() {
    this.#read();
  }

  /** Follows the address until the returned function is called. */
  listen(): () => void {
    const read = () => this.#read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }

  open(conversation: string): void {
    location.hash = hrefOf(conversation);
  }

  showForms(): void {
    if (this.conversation !== null && this.pane !== 'forms') {
      location.hash = `${hrefOf(this.conversation)}/forms`;
    }
  }

  /** One pane back: from the forms to the conversation, from there to the list. */
  back(): void {
    location.hash =
      this.pane === 'forms' && this.conversation !== null ? hrefOf(this.conversation) : '#/';
  }

  leave(): void {
    history.replaceState(null, '', '#/');
    this.#read();
  }

  #read(): void {
    const place = PLACE.exec(location.hash);
    this.place = (place?.[1] as Place | undefined) ?? 'chats';
    this.section = place?.[2]?.split('/').filter((part) => part !== '').map(decoded) ?? [];
    const match = PATTERN.exec(location.hash);
    this.conversation = match?.[1] ?? null;
    this.pane = match === null ? 'list' : match[2] === undefined ? 'conversation' : 'forms';
  }
}

/** A part of the address as it was meant; one that nobody could have meant stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function hrefOf(conversation: string): string {
  return `#/c/${conversation}`;
}
