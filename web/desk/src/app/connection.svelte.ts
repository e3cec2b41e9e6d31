/** The live connection to the desk: what it tells, and since when there is none. */
import type { Frame } from '../api/types.ts';
import { deskNow } from '../../../parts/clock.ts';
import { Feed, feedAddress } from '../../../parts/feed.ts';

/** How long the connection may be away before the page speaks of it: short gaps heal unseen. */
const QUIET_GAP_MS = 1_500;

export interface ConnectionOptions {
  hear: (frame: Frame) => void;
  opened: () => void;
  /** It is away for longer than a short gap. */
  lost: () => void;
}

export class Connection {
  /** Since when there is none, or null while there is one. */
  offlineSince = $state<number | null>(null);
  readonly #options: ConnectionOptions;
  #feed: Feed<Frame> | null = null;
  #gap: ReturnType<typeof setTimeout> | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  begin(): void {
    this.end();
    this.#feed = new Feed<Frame>({
      // From now on at first: what was before comes with the list and the transcripts.
      address: (after) => feedAddress(after === 0 ? '/api/feed' : `/api/feed?after=${after}`),
      after: 0,
      receive: (frame) => this.#options.hear(frame),
      change: (state) => (state === 'open' ? this.#opened() : this.#lost()),
    });
    this.#feed.start();
  }

  /** Tries now, instead of at the next planned time. */
  hurry(): void {
    this.#feed?.hurry();
  }

  end(): void {
    this.#endGap();
    this.#feed?.stop();
    this.#feed = null;
  }

  #opened(): void {
    this.#endGap();
    this.offlineSince = null;
    this.#options.opened();
  }

  #lost(): void {
    if (this.#gap !== null || this.offlineSince !== null) return;
    const since = deskNow();
    this.#gap = setTimeout(() => {
      this.#gap = null;
      this.offlineSince = since;
      this.#options.lost();
    }, QUIET_GAP_MS);
  }

  #endGap(): void {
    if (this.#gap !== null) clearTimeout(this.#gap);
    this.#gap = null;
  }
}
