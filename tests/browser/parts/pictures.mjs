// Pictures of pages at the widths people have, light and dark, when a folder for them was asked for.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.ASIDE_PICTURES;
if (folder) mkdirSync(folder, { recursive: true });

/** Keeps pictures of `page` at 360 and 1280 px, light and dark, as `name-WIDTH-SCHEME.png`. */
export async function picture(page, name, { widths = [360, 1280], fullPage = false } = {}) {
  if (!folder) return;
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 780 : 800 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}
