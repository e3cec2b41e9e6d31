// The one script tag on a brand's page: a launcher, and at the first click the chat's frame.
//
// <script src="https://chat.example/loader.js" data-site="northwind" async></script>
//
// It must never: read the page, set a cookie or store anything there, put a token in an address, inject inline
// style or markup (a strict page forbids both), or speak with any origin but the one that it was loaded from.
import { small, styles } from './styles.ts';

declare const __WORDS__: { open: string; close: string; title: string; new: string };

const script = document.currentScript as HTMLScriptElement | null;
const site = script?.dataset['site'];
if (script && site && !('asideChat' in window)) {
  Object.defineProperty(window, 'asideChat', { value: true });
  const start = () => launch(new URL(script.src).origin, site);
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start, { once: true });
}

/** Puts the launcher on the page. `chat` is the exact origin of the chat, and the only one that is heard. */
function launch(chat: string, site: string): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  // Constructed sheets are not inline style: they stand where `style-src` is strict.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  const badge = document.createElement('span');
  badge.hidden = true;
  button.append(icon('M2.99 16.34a2 2 0 0 1 .1 1.17l-1.07 3.29a1 1 0 0 0 1.24 1.17l3.41-1a2 2 0 0 1 1.1.09 10 10 0 1 0-4.78-4.72', 'speech'));
  button.append(icon('m6 9 6 6 6-6', 'fold'), badge);
  root.append(button);
  document.body.append(host);

  let frame: HTMLIFrameElement | null = null;
  /** The chat's page is there: before, the frame is nobody's, and would be told by mistake. */
  let loaded = false;
  let unread = 0;
  const isOpen = () => frame !== null && !frame.hidden;
  const filling = matchMedia(small);
  /** Tells the chat how it stands: shown or not, filling the screen or not. Its first word tells it our origin. */
  const tell = () => loaded && frame?.contentWindow?.postMessage({ aside: isOpen() ? 'shown' : 'hidden', full: filling.matches }, chat);

  function label(): void {
    badge.hidden = unread === 0;
    badge.textContent = unread > 9 ? '9+' : `${unread}`;
    const name = isOpen() ? __WORDS__.close : __WORDS__.open;
    button.setAttribute('aria-label', unread ? `${name} (${__WORDS__.new}: ${unread})` : name);
    button.setAttribute('aria-expanded', `${isOpen()}`);
  }

  function open(): void {
    if (!frame) {
      frame = document.createElement('iframe');
      frame.title = __WORDS__.title;
      frame.src = `${chat}/widget?site=${encodeURIComponent(site)}`;
      frame.onload = () => {
        loaded = true;
        tell();
      };
      root.prepend(frame);
    }
    frame.hidden = false;
    unread = 0;
    label();
    frame.focus();
    tell();
  }

  /** Hides the panel; `discard` also ends the chat's page, so that the next opening begins anew. */
  function hide(discard: boolean): void {
    if (!frame) return;
    frame.hidden = true;
    tell();
    if (discard) {
      frame.remove();
      frame = null;
      loaded = false;
    }
    label();
    button.focus();
  }

  button.onclick = () => (isOpen() ? hide(false) : open());
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape' && isOpen()) hide(false);
  });
  addEventListener('message', (event) => {
    if (event.origin !== chat || !frame || event.source !== frame.contentWindow) return;
    const { aside, count } = event.data ?? {};
    if (aside === 'minimise') hide(false);
    else if (aside === 'close') hide(true);
    else if (aside === 'unread' && Number.isInteger(count) && count >= 0 && !isOpen()) {
      unread = count;
      label();
    }
  });
  filling.addEventListener('change', tell);
  label();
}

/** One outline path of the icon set, drawn without markup strings (a page may demand Trusted Types). */
function icon(path: string, name: string): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', name);
  const shape = document.createElementNS(namespace, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
