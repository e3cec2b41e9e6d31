/**
 * Keys. Single letters work only while no text field, select or dialog has the focus, and can be switched off whole
 * (WCAG 2.1.4). None of them is a combination that a browser or a system owns.
 */
import type { Desk } from '../app/desk.svelte.ts';
import { groups, type Whose } from '../state/list.ts';
import { dayStart } from '../state/times.ts';

/** What the open conversation offers to the keys. */
export interface ConversationActions {
  write(): void;
  chooseForm(): void;
  viewAnswers(): void;
  transfer(): void;
  resolve(): void;
}

const REMEMBERED = 'aside-single-letters';

export class Shortcuts {
  /** Whether single letters are on. A habit of this browser's user, so it is kept here and not at the desk. */
  letters = $state(true);
  sheetOpen = $state(false);
  whose = $state<Whose>('mine');
  actions: ConversationActions | null = null;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    try {
      this.letters = localStorage.getItem(REMEMBERED) !== 'off';
    } catch {
      // A browser without storage forgets the habit, no more.
    }
  }

  setLetters(on: boolean): void {
    this.letters = on;
    try {
      localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
    } catch {
      // As above.
    }
  }

  showKeys(): void {
    this.sheetOpen = true;
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.letters || isWriting(event.target) || document.querySelector('dialog[open]') !== null) return;
    const run = this.#bound(event.key);
    if (run === null) return;
    event.preventDefault();
    run();
  }

  #bound(key: string): (() => void) | null {
    switch (key) {
      case '?':
        return () => this.showKeys();
      case 'j':
      case 'J':
        return () => this.#step(1);
      case 'k':
      case 'K':
        return () => this.#step(-1);
      case 'm':
      case 'M':
        return () => (this.whose = this.whose === 'mine' ? 'all' : 'mine');
    }
    const { actions } = this;
    if (actions === null) return null;
    switch (key) {
      case 'w':
      case 'W':
        return () => actions.write();
      case 'f':
      case 'F':
      case '/':
        return () => actions.chooseForm();
      case 'v':
      case 'V':
        return () => actions.viewAnswers();
      case 't':
      case 'T':
        return () => actions.transfer();
      case 'r':
      case 'R':
        return () => actions.resolve();
      default:
        return null;
    }
  }

  /** The next or previous conversation in the order of the list. */
  #step(by: 1 | -1): void {
    const desk = this.#desk;
    const rows = groups(
      Object.values(desk.model.conversations),
      this.whose,
      desk.session?.agent.id ?? '',
      dayStart(desk.now),
    ).flatMap((group) => group.rows);
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.id === desk.route.conversation);
    const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by;
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (row !== undefined) desk.route.open(row.id);
  }
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['button', 'checkbox', 'radio'].includes(target.type);
}
