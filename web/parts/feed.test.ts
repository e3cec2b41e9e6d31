import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Feed, feedAddress, type FeedState, type Frame } from './feed.ts';

/** The other end of a connection, played by hand. */
class Line extends EventTarget {
  readonly address: string;
  readonly sent: string[] = [];
  closed = false;

  constructor(address: string) {
    super();
    this.address = address;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  /** The browser's side hangs up. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatchEvent(new Event('close'));
  }

  accept(): void {
    this.dispatchEvent(new Event('open'));
  }

  say(frame: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) }));
  }
}

const entry = (sequence: number) => ({ type: 'entry', entry: { sequence } });

describe('the live feed', () => {
  let lines: Line[];
  let heard: Frame[];
  let states: FeedState[];
  let events: EventTarget;
  let online: boolean;

  const line = (): Line => {
    const last = lines.at(-1);
    if (!last) throw new Error('nothing connected');
    return last;
  };

  const feed = (after = 0): Feed<Frame> =>
    new Feed<Frame>({
      address: (sequence) => `ws://desk/api/feed?after=${sequence}`,
      after,
      receive: (frame) => heard.push(frame),
      change: (state) => states.push(state),
      world: {
        connect: (address) => {
          const made = new Line(address);
          lines.push(made);
          return made as unknown as WebSocket;
        },
        random: () => 1,
        online: () => online,
        events,
      },
    });

  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    heard = [];
    states = [];
    events = new EventTarget();
    online = true;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('asks for what came after the sequence it was given', () => {
    feed(41).start();
    expect(line().address).toBe('ws://desk/api/feed?after=41');
  });

  test('resumes behind the last entry it said', () => {
    feed(41).start();
    line().accept();
    line().say(entry(42));
    line().say(entry(45));
    line().close();
    vi.advanceTimersByTime(500);
    expect(lines).toHaveLength(2);
    expect(line().address).toBe('ws://desk/api/feed?after=45');
  });

  test('says an entry once, however often it arrives', () => {
    const subject = feed();
    subject.start();
    line().accept();
    line().say(entry(7));
    line().say(entry(7));
    line().say(entry(3));
    line().say(entry(8));
    expect(heard).toEqual([entry(7), entry(8)]);
    expect(subject.after).toBe(8);
  });

  test('passes on frames that have no sequence, and keeps pongs and rubbish to itself', () => {
    feed().start();
    line().accept();
    line().say({ type: 'typing', from: 'agent' });
    line().say({ type: 'pong' });
    line().say('not json');
    line().say('null');
    line().say({ type: 'entry', entry: { sequence: 'x' } });
    expect(heard).toEqual([{ type: 'typing', from: 'agent' }]);
  });

  test('waits twice as long after each failure, half a minute at most', () => {
    feed().start();
    for (const wait of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = lines.length;
      line().close();
      vi.advanceTimersByTime(wait - 1);
      expect(lines).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(lines).toHaveLength(before + 1);
    }
  });

  test('waits briefly again once a connection has held', () => {
    feed().start();
    line().close();
    vi.advanceTimersByTime(500);
    line().accept();
    line().close();
    vi.advanceTimersByTime(500);
    expect(lines).toHaveLength(3);
  });

  test('lets go when the browser says offline, and comes back at once when it says online', () => {
    feed().start();
    line().accept();
    online = false;
    events.dispatchEvent(new Event('offline'));
    expect(line().closed).toBe(true);
    vi.advanceTimersByTime(120_000);
    expect(lines).toHaveLength(1);
    online = true;
    events.dispatchEvent(new Event('online'));
    expect(lines).toHaveLength(2);
    expect(states).toEqual(['connecting', 'open', 'offline', 'connecting']);
  });

  test('notices a dead line that nobody closed', () => {
    feed().start();
    line().accept();
    vi.advanceTimersByTime(25_000);
    expect(line().sent).toEqual(['{"type":"ping"}']);
    vi.advanceTimersByTime(10_000);
    expect(lines[0]?.closed).toBe(true);
    vi.advanceTimersByTime(500);
    expect(lines).toHaveLength(2);
  });

  test('a pong keeps the line', () => {
    feed().start();
    line().accept();
    vi.advanceTimersByTime(25_000);
    line().say({ type: 'pong' });
    vi.advanceTimersByTime(20_000);
    expect(lines).toHaveLength(1);
    expect(line().closed).toBe(false);
  });

  test('hears nothing more from a line that it has let go', () => {
    const subject = feed();
    subject.start();
    const old = line();
    old.accept();
    subject.stop();
    old.say(entry(9));
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
  });

  test('does not come back after the session ended', () => {
    const subject = feed();
    subject.start();
    line().accept();
    line().say({ type: 'ended', reason: 'logout' });
    expect(heard).toEqual([{ type: 'ended', reason: 'logout' }]);
    vi.advanceTimersByTime(60_000);
    events.dispatchEvent(new Event('online'));
    subject.hurry();
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe('ended');
  });

  test('goes to the page’s own host, encrypted where the page is', () => {
    expect(feedAddress('/api/feed?after=1', { protocol: 'https:', host: 'chat.example' })).toBe('wss://chat.example/api/feed?after=1');
    expect(feedAddress('/api/feed', { protocol: 'http:', host: 'chat.localhost:8080' })).toBe('ws://chat.localhost:8080/api/feed');
  });
});
