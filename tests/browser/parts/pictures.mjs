// Pictures of pages at the widths people have, light, dark and in forced colours, when a folder for them was asked for.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.ASIDE_PICTURES;
if (folder) mkdirSync(folder, { recursive: true });

const SCHEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'light', forcedColors: 'active' },
};

/** Keeps pictures of `page` at 360 and 1280 px, light, dark and in forced colours, as `name-WIDTH-SCHEME.png`. */
export async function picture(page, name, { widths = [360, 1280], fullPage = false } = {}) {
  if (!folder) return;
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 780 : 800 });
    for (const [scheme, media] of Object.entries(SCHEMES)) {
      await page.emulateMedia(media);
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage });
    }
  }
  await page.emulateMedia(SCHEMES.light);
  await page.setViewportSize(before);
}
