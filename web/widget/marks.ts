// Which forms this device has opened: ids only, names and no credentials. The vault's cookie is what counts;
// this only lets the card say "here" or "elsewhere". A browser without storage forgets at the next load.

const NAME = 'aside-opened';
const MOST = 20;

/** once: in a frame that keeps no cookie; closed is closed there. */
export type Place = 'frame' | 'tab' | 'once';

const remembered = new Map<string, Place>(read());

function read(): [string, Place][] {
  try {
    const said: unknown = JSON.parse(localStorage.getItem(NAME) ?? '[]');
    if (!Array.isArray(said)) return [];
    return said.filter((pair): pair is [string, Place] => Array.isArray(pair) && typeof pair[0] === 'string' && (pair[1] === 'frame' || pair[1] === 'tab' || pair[1] === 'once'));
  } catch {
    return [];
  }
}

function write(): void {
  try {
    localStorage.setItem(NAME, JSON.stringify([...remembered].slice(-MOST)));
  } catch {
    // No storage in this frame: the map above serves until the page goes.
  }
}

/** Where this device opened the form; undefined where it did not. */
export function opened(invitation: string): Place | undefined {
  return remembered.get(invitation);
}

export function remember(invitation: string, place: Place): void {
  remembered.set(invitation, place);
  write();
}

export function forget(invitation: string): void {
  if (remembered.delete(invitation)) write();
}
