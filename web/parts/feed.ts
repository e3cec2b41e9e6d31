// The live feed: one WebSocket that is always coming back, and says each entry once.
//
// After a lost connection it resumes behind the last sequence it has said, so nothing is missed; what arrives
// twice is dropped by its sequence. Waiting grows from half a second to half a minute, with jitter, so that a
// restarted desk is not stormed. It must never send anything but a ping: commands go over HTTP.

/** A frame of the feed. Only what all feeds have in common; a face knows the rest. */
export interface Frame {
  type: string;
}

/** How the feed stands. `ended`: the session is over, it will not come back by itself. */
export type FeedState = 'connecting' | 'open' | 'waiting' | 'offline' | 'ended';

export interface FeedOptions<F extends Frame> {
  /** Where to connect so as to hear what came after this sequence. */
  address: (after: number) => string;
  /** The sequence of the last entry already known. */
  after: number;
  /** Takes each frame; entries in order and once. */
  receive: (frame: F) => void;
  /** Hears every change of state. */
  change?: (state: FeedState) => void;
  /** The world outside, replaced in tests. */
  world?: Partial<FeedWorld>;
}

/** What the feed uses of its surroundings. */
export interface FeedWorld {
  connect: (address: string) => WebSocket;
  random: () => number;
  online: () => boolean;
  events: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** First wait in milliseconds; it doubles up to `LONGEST`. */
const SHORTEST = 500;
const LONGEST = 30_000;
/** Silence, in milliseconds, after which the feed asks whether the other end still hears, and how long it waits then. */
const SILENCE = 25_000;
const GRACE = 10_000;

export class Feed<F extends Frame> {
  readonly #options: FeedOptions<F>;
  readonly #world: FeedWorld;
  #after: number;
  #socket: WebSocket | null = null;
  #state: FeedState = 'waiting';
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(options: FeedOptions<F>) {
    this.#options = options;
    this.#after = options.after;
    this.#world = {
      connect: (address) => new WebSocket(address),
      random: Math.random,
      online: () => navigator.onLine,
      events: globalThis,
      ...options.world,
    };
  }

  /** The sequence behind which it would resume. */
  get after(): number {
    return this.#after;
  }

  get state(): FeedState {
    return this.#state;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#world.events.addEventListener('online', this.#online);
    this.#world.events.addEventListener('offline', this.#offline);
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#world.events.removeEventListener('online', this.#online);
    this.#world.events.removeEventListener('offline', this.#offline);
    this.#drop();
  }

  /** Tries now instead of when the wait is over: the person asked, or the page came to the front. */
  hurry(): void {
    if (this.#running && this.#socket === null && this.#state !== 'ended') this.#connect();
  }

  readonly #online = (): void => {
    this.#failures = 0;
    this.hurry();
  };

  readonly #offline = (): void => {
    if (this.#state === 'ended') return;
    this.#drop();
    this.#say('offline');
  };

  #say(state: FeedState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.change?.(state);
  }

  /** Lets go of the socket and of every timer. Its late events find another socket in place and are ignored. */
  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#pulse);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    this.#drop();
    if (!this.#world.online()) {
      this.#say('offline');
      return;
    }
    this.#say('connecting');
    let socket: WebSocket;
    try {
      socket = this.#world.connect(this.#options.address(this.#after));
    } catch {
      this.#later();
      return;
    }
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (socket !== this.#socket) return;
      this.#failures = 0;
      this.#say('open');
      this.#listen();
    });
    socket.addEventListener('message', (event) => {
      if (socket !== this.#socket) return;
      this.#listen();
      this.#hear(event.data);
    });
    socket.addEventListener('close', () => {
      if (socket !== this.#socket) return;
      this.#drop();
      this.#later();
    });
  }

  /** Comes back after a wait between half and all of a time that doubles. */
  #later(): void {
    if (!this.#running || this.#state === 'ended') return;
    const longest = Math.min(LONGEST, SHORTEST * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#say(this.#world.online() ? 'waiting' : 'offline');
    this.#retry = setTimeout(() => this.#connect(), longest * (0.5 + this.#world.random() / 2));
  }

  /** Winds the clock that notices a dead connection which nobody closed. */
  #listen(): void {
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      try {
        this.#socket?.send('{"type":"ping"}');
      } catch {
        // A socket that cannot send is closing: the clock below ends it.
      }
      this.#pulse = setTimeout(() => {
        this.#drop();
        this.#later();
      }, GRACE);
    }, SILENCE);
  }

  #hear(data: unknown): void {
    let frame: F & { entry?: { sequence?: unknown } };
    try {
      frame = JSON.parse(String(data));
    } catch {
      return;
    }
    if (typeof frame !== 'object' || frame === null || typeof frame.type !== 'string') return;
    if (frame.type === 'pong') return;
    if (frame.type === 'entry') {
      const sequence = frame.entry?.sequence;
      if (typeof sequence !== 'number' || sequence <= this.#after) return;
      this.#after = sequence;
    }
    if (frame.type === 'ended') {
      this.#options.receive(frame);
      this.#drop();
      this.#say('ended');
      return;
    }
    this.#options.receive(frame);
  }
}

/** The feed's address on the page's own origin. */
export function feedAddress(path: string, here: { protocol: string; host: string } = location): string {
  return `${here.protocol === 'https:' ? 'wss' : 'ws'}://${here.host}${path}`;
}
