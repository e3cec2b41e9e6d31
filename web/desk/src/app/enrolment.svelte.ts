/**
 * Makes this browser the session's viewer (step 0): a hidden frame of the vault redeems the enrolment key for a cookie
 * that only the vault can read. The key passes through this page once and is kept nowhere.
 */

/** `blocked`: the browser keeps no cookie of the vault in a frame, so answers open in a window of the vault's own. */
export type EnrolmentState = 'unknown' | 'enrolling' | 'enrolled' | 'blocked' | 'failed';

const LONGEST_MS = 10_000;

export class Enrolment {
  state = $state<EnrolmentState>('unknown');
  #settled: Promise<void> = Promise.resolve();

  /** Redeems a key. Without one a viewer is there already, unless the vault was away and had none to give. */
  start(vaultOrigin: string, key: string | null, vaultUp: boolean): void {
    if (key === null) {
      if (this.state !== 'blocked') this.state = vaultUp ? 'enrolled' : 'unknown';
      return;
    }
    this.state = 'enrolling';
    this.#settled = redeem(vaultOrigin, key).then((state) => {
      this.state = state;
    });
  }

  /** Waits until the frame has answered, for a click that comes before it. */
  settled(): Promise<void> {
    return this.#settled;
  }

  end(): void {
    this.state = 'unknown';
    this.#settled = Promise.resolve();
  }
}

function redeem(vaultOrigin: string, key: string): Promise<EnrolmentState> {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.title = 'vault';
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    const finish = (state: EnrolmentState) => {
      clearTimeout(timer);
      removeEventListener('message', hear);
      frame.remove();
      resolve(state);
    };
    const hear = (event: MessageEvent) => {
      if (event.origin !== vaultOrigin || event.source !== frame.contentWindow) return;
      switch (messageKind(event.data)) {
        case 'viewer-ready':
          frame.contentWindow?.postMessage({ aside: 'enrol', key }, vaultOrigin);
          break;
        case 'enrolled':
          finish('enrolled');
          break;
        case 'not-enrolled':
          finish('blocked');
          break;
      }
    };
    const timer = setTimeout(() => finish('failed'), LONGEST_MS);
    addEventListener('message', hear);
    frame.src = `${vaultOrigin}/viewer`;
    document.body.append(frame);
  });
}

/** The kind of a message from the vault's page, or null for anything else. */
export function messageKind(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('aside' in data)) return null;
  return typeof data.aside === 'string' ? data.aside : null;
}
