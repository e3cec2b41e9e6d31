// One Chromium for a file of journeys; a fresh context for each person.
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

let browser;
const people = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  for (const { context } of people) await context.close();
  await browser?.close();
});

/**
 * A person with a browser of their own. What the page complains about is collected in `complaints`: a refusal by the page's
 * Content-Security-Policy or an uncaught error is a failure of the journey.
 */
export async function person(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  // Long enough for a disk that is busy with something else: what a person waits for is committed first.
  context.setDefaultTimeout(30_000);
  people.push({ context });
  return tab(context);
}

async function tab(context) {
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to|Uncaught/.test(message.text())) complaints.push(message.text());
  });
  /** Another tab of the same browser, in place of this one. */
  const another = async () => {
    const next = await tab(context);
    await page.close();
    return next;
  };
  return { context, page, complaints, another };
}

/** What all frames of a page show, one text each. A frame that goes while it is read shows nothing any more. */
export async function shownIn(page) {
  return Promise.all(
    page.frames().map((frame) =>
      frame.locator('body').innerText().catch((error) => {
        if (frame.isDetached() || /detached|closed/.test(error.message)) return '';
        throw error;
      }),
    ),
  );
}
