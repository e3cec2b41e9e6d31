// Accessibility: every WCAG 2.0 to 2.2 A and AA rule and every best practice, in every frame, zero violations.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/**
 * Checks `page` and each of its frames on its own. The context must have been made with `bypassCSP: true`, because the pages'
 * own policy rightly refuses to run axe.
 */
export async function accessible(page, what) {
  for (const frame of page.frames()) {
    if (frame.url() === 'about:blank' || frame.isDetached()) continue;
    const checked = await frame.evaluate(async ([source, tags]) => {
      if (!window.axe) (0, eval)(source);
      return window.axe.run(document, { runOnly: { type: 'tag', values: tags }, iframes: false });
    }, [source, tags]).catch((error) => {
      // A frame that the page takes away meanwhile is no page to check; the page itself always is.
      if (frame !== page.mainFrame() && frame.isDetached()) return null;
      throw error;
    });
    if (checked === null) continue;
    const { violations, passes } = checked;
    assert.ok(passes.length > 0, `${what}: axe found nothing to check in ${new URL(frame.url()).pathname}`);
    const found = violations.map((violation) => `${violation.id}: ${violation.help}\n` +
      violation.nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary}`).join('\n'));
    assert.equal(found.length, 0, `${what}, ${new URL(frame.url()).host}:\n${found.join('\n')}`);
  }
}

/** The same in light and in dark. */
export async function accessibleInBoth(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
