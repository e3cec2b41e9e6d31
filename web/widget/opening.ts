// Brings a form into the vault's frame: the frame says it is there, the desk mints a key, a form POST carries the
// key to the vault. The key is in no address and is not kept: it lives from the desk's answer to the POST.
// It must never believe a message that is not from this very frame and the vault's exact origin.
import { Refusal } from '../parts/call.ts';
import type { Opening as Key } from '../api/visitor.ts';
import type { Occurrence } from './invitation.ts';

/** What the vault's pages say to the chat. */
interface FromVault {
  aside: 'ready' | 'opened' | 'sent' | 'declined' | 'close' | 'height' | 'refused';
  /** Of `ready`: whether the vault's cookies stick in this frame. */
  cookies?: boolean;
  /** Of `opened`: whether this device may close the form and come back to it. */
  kept?: boolean;
  /** Of `opened`: the site's rule is that nobody may (S11). */
  once?: boolean;
  /** Of `refused`: why. */
  kind?: string;
  px?: number;
}

export interface OpeningOptions {
  frame: HTMLIFrameElement;
  /** The exact origin of the vault. */
  vault: string;
  /** Asks the desk for a fresh `open` key. */
  mint: () => Promise<Key>;
  occur: (occurrence: Occurrence) => void;
  /** The form is there; `kept`: this device may close it and come back. */
  placed: (kept: boolean) => void;
  /** The page in the frame has this height now, in CSS pixels. */
  grow: (pixels: number) => void;
  /** The frame keeps no cookie: the person chooses between this frame and a tab. */
  choose: () => void;
}

/** How long, in milliseconds, the frame's first page and the form may take. */
export const PATIENCE = { ready: 8_000, form: 12_000 };

type Stage = 'idle' | 'begin' | 'choosing' | 'minting' | 'posting' | 'there';

export class Opening {
  readonly #options: OpeningOptions;
  #stage: Stage = 'idle';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OpeningOptions) {
    this.#options = options;
    addEventListener('message', this.#hear);
  }

  /** For the first time: begins in the frame. */
  begin(): void {
    this.#enter('begin', PATIENCE.ready);
    this.#options.frame.src = `${this.#options.vault}/begin`;
  }

  /** Again on the device that opened it: the device cookie brings an empty form back (S11). */
  resume(invitation: string): void {
    this.#enter('posting', PATIENCE.form);
    this.#options.frame.src = `${this.#options.vault}/form/${encodeURIComponent(invitation)}`;
  }

  /** The person chose the frame although it keeps no cookie, or a tab of its own. */
  async go(where: 'frame' | 'tab'): Promise<void> {
    this.#enter('minting');
    let key: Key;
    try {
      key = await this.#options.mint();
    } catch (error) {
      if (this.#stage === 'minting') this.#fail(occurrenceOf(error));
      return;
    }
    if (this.#stage !== 'minting') return;
    if (originOf(key.action) !== this.#options.vault) {
      this.#fail('refused');
      return;
    }
    if (where === 'frame') this.#enter('posting', PATIENCE.form);
    else this.#enter('idle');
    post(key, where === 'frame' ? this.#options.frame.name : '_blank');
  }

  /** Lets go of the frame. What it says after this is not heard. */
  stop(): void {
    this.#enter('idle');
    removeEventListener('message', this.#hear);
  }

  #enter(stage: Stage, patience?: number): void {
    clearTimeout(this.#timer);
    this.#stage = stage;
    if (patience !== undefined) this.#timer = setTimeout(() => this.#fail('unreachable'), patience);
  }

  #fail(occurrence: Occurrence): void {
    this.#enter('idle');
    this.#options.occur(occurrence);
  }

  readonly #hear = (event: MessageEvent): void => {
    const { frame, vault, occur, placed, grow, choose } = this.#options;
    if (event.origin !== vault || event.source === null || event.source !== frame.contentWindow) return;
    const said = event.data as Partial<FromVault> | null;
    switch (said?.aside) {
      case 'ready':
        if (this.#stage !== 'begin') return;
        if (said.cookies === false) {
          this.#enter('choosing');
          choose();
        } else {
          void this.go('frame');
        }
        return;
      case 'opened':
        this.#enter('there');
        placed(said.kept !== false && said.once !== true);
        occur('shown');
        return;
      case 'refused':
        if (this.#stage === 'posting') this.#fail(passes(said.kind) ? said.kind : 'refused');
        return;
      case 'sent':
      case 'declined':
        this.#enter('there');
        occur(said.aside);
        return;
      case 'close':
        occur('closed');
        return;
      case 'height':
        if (typeof said.px === 'number' && said.px > 0 && said.px < 20_000) grow(said.px);
        return;
      default:
    }
  };
}

/** Whether a refusal of the vault's is of this moment alone: the form is still there. */
const passes = (kind: unknown): kind is 'busy' | 'full' | 'sealed' => kind === 'busy' || kind === 'full' || kind === 'sealed';

/** What a refusal of the desk means for the form. */
export function occurrenceOf(error: unknown): Occurrence {
  if (!(error instanceof Refusal)) return 'refused';
  if (error.status === 0) return 'unreachable';
  if (error.kind === 'vault_full') return 'full';
  if (error.kind === 'vault_sealed') return 'sealed';
  if (error.passing || error.kind === 'vault_down') return 'busy';
  if (error.kind === 'wrong_state' || error.kind === 'used') return 'taken';
  return 'refused';
}

function originOf(address: string): string | null {
  try {
    return new URL(address).origin;
  } catch {
    return null;
  }
}

/** One form POST into the frame (or a tab), the key in its body. */
function post(key: Key, target: string): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = key.action;
  form.target = target;
  if (target === '_blank') form.rel = 'noopener';
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'otk';
  field.value = key.key;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
