// Which forms this device has opened: ids only, names and no credentials. The vault's own cookie is what counts;
// this only lets the card say "here" or "elsewhere" after a reload. It is a cookie partitioned to the brand's page
// because a browser that blocks foreign cookies denies a frame all other storage. Without it, a reload forgets.

const NAME = '__Host-aside-opened';
const MOST = 10;
/** Seconds: no clock of an invitation runs longer. */
const KEPT = 86_400;

/** once: in a frame that keeps no cookie, or where the site wants it so; closed is closed there. */
export type Place = 'frame' | 'tab' | 'once';

const LETTERS: Record<Place, string> = { frame: 'f', tab: 't', once: 'o' };

/** Reads the marks out of a page's cookies; what is not one of ours is left out. */
export function readMarks(cookies: string): [string, Place][] {
  const value = cookies.split('; ').find((cookie) => cookie.startsWith(`${NAME}=`));
  const marks: [string, Place][] = [];
  for (const [, letter, id] of (value ?? '').matchAll(/([fto])([0-9a-f-]{36})/g)) {
    const place = (Object.keys(LETTERS) as Place[]).find((known) => LETTERS[known] === letter);
    if (place && id) marks.push([id, place]);
  }
  return marks;
}

/** The cookie that keeps the newest of these marks. */
export function writeMarks(marks: Iterable<[string, Place]>): string {
  const value = [...marks].slice(-MOST).map(([id, place]) => LETTERS[place] + id).join('.');
  return `${NAME}=${value}; Path=/; Secure; SameSite=None; Partitioned; Max-Age=${KEPT}`;
}

const remembered = new Map<string, Place>(readMarks(document.cookie));

/** Where this device opened the form; undefined where it did not. */
export function opened(invitation: string): Place | undefined {
  return remembered.get(invitation);
}

export function remember(invitation: string, place: Place): void {
  remembered.set(invitation, place);
  document.cookie = writeMarks(remembered);
}

export function forget(invitation: string): void {
  if (remembered.delete(invitation)) document.cookie = writeMarks(remembered);
}
