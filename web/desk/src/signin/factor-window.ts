/**
 * Setting up the vault's confirmation in a window of the vault's own, for a browser that keeps no cookie of the vault in a
 * frame. Enrolment first, with a fresh key: the frame could not keep what the former one gave.
 */
import type { Desk } from '../app/desk.svelte.ts';
import { messageKind } from '../app/enrolment.svelte.ts';

const NAME = 'aside-viewer';
const WATCH_MS = 1_000;

/** Opens it, at a click. Returns false where the browser refused the window. */
export function openFactorWindow(desk: Desk, done: () => void): boolean {
  const origin = desk.session?.vault_origin;
  if (origin === undefined) return false;
  const opened = window.open(`${origin}/viewer`, NAME, 'popup,width=560,height=760');
  if (opened === null) return false;

  const watch = setInterval(() => {
    if (opened.closed) stop();
  }, WATCH_MS);
  const stop = () => {
    clearInterval(watch);
    removeEventListener('message', hear);
  };
  const show = () => opened.postMessage({ aside: 'factor' }, origin);
  let told = false;
  const hear = (event: MessageEvent) => {
    if (event.origin !== origin || event.source !== opened) return;
    switch (messageKind(event.data)) {
      case 'viewer-ready':
        return void desk.enrolmentKey().then((key) => (key === null ? show() : opened.postMessage({ aside: 'enrol', key }, origin)));
      case 'enrolled':
        return show();
      case 'input':
        return desk.presence.input();
      case 'factor': {
        const ready = (event.data as { ready?: unknown }).ready === true;
        const wasThere = !told && desk.session?.vault_factor === true;
        told = true;
        if (!ready || desk.session === null) return;
        desk.session.vault_factor = true;
        if (!wasThere) done();
        return;
      }
    }
  };
  addEventListener('message', hear);
  return true;
}
