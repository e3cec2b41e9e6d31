/**
 * The answers in a window of the vault's own, for a browser that keeps no cookie of the vault in a frame. The same steps as
 * in the frame, enrolment first: the key for it is fresh, because the frame could not keep what the former one gave.
 */
import type { Answer } from '../api/client.ts';
import type { Desk } from '../app/desk.svelte.ts';
import { messageKind } from '../app/enrolment.svelte.ts';
import { messageOf, notLoaded } from './frame.ts';
import type { ViewerNews, ViewKey } from './ViewerFrame.svelte';

const NAME = 'aside-viewer';
const WATCH_MS = 1_000;

/** Opens it, at a click; `grant` asks for the key. Returns false where the browser refused the window. */
export function openViewerWindow(desk: Desk, grant: () => Promise<Answer<ViewKey>>, news: (news: ViewerNews) => void): boolean {
  const origin = desk.session?.vault_origin;
  if (origin === undefined) return false;
  const opened = window.open(`${origin}/viewer`, NAME, 'popup,width=720,height=680');
  if (opened === null) return false;

  let asked = false;
  const watch = setInterval(() => {
    if (opened.closed) finish({ kind: 'done' });
  }, WATCH_MS);
  const finish = (last: ViewerNews) => {
    clearInterval(watch);
    removeEventListener('message', hear);
    news(last);
  };
  const hear = (event: MessageEvent) => {
    if (event.origin !== origin || event.source !== opened) return;
    const kind = messageKind(event.data);
    switch (kind) {
      case 'viewer-ready':
        void prepare();
        return;
      case 'enrolled':
        void show();
        return;
      case 'input':
        desk.presence.input();
        return;
      case 'viewing':
        news({ kind });
        return;
      case 'not-enrolled':
        finish({ kind: 'blocked' });
        return;
      case 'done':
      case 'closed':
        finish({ kind });
        return;
      case 'could-not-load':
        finish(notLoaded(event.data as { kind?: unknown }));
        return;
    }
  };
  const prepare = async () => {
    const key = await desk.enrolmentKey();
    if (key === null) await show();
    else opened.postMessage({ aside: 'enrol', key }, origin);
  };
  const show = async () => {
    if (asked) return;
    asked = true;
    const answer = await grant();
    if (!answer.ok) {
      opened.close();
      finish({ kind: 'refused', refusal: answer.refusal });
      return;
    }
    opened.postMessage(messageOf(answer.value), origin);
  };
  addEventListener('message', hear);
  return true;
}
