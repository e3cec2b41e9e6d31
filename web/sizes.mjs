// Weighs what a visitor downloads and fails the build when a budget is broken.
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const dist = new URL('./dist/', import.meta.url);

/** Every file of a face, by name. */
function files(face) {
  return readdirSync(new URL(`${face}/`, dist), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

/** The page of a face, what it names, and what that cannot do without: all that stands between a visitor and its first view. */
function firstView(face) {
  const page = new URL(`${face}/index.html`, dist);
  const named = Array.from(readFileSync(page, 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g), ([, path]) => path);
  const found = new Set(named);
  for (const path of found) {
    if (!path.endsWith('.js')) continue;
    const imports = readFileSync(new URL(`${face}/${path}`, dist), 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g);
    for (const [, name] of imports) found.add(`assets/${name}`);
  }
  return [page, ...Array.from(found, (path) => new URL(`${face}/${path}`, dist))];
}

/** The files of a face that a pattern names: at least one, or the pattern is wrong. */
function named(face, pattern) {
  const found = files(face).filter((path) => pattern.test(path));
  if (found.length === 0) throw new Error(`no file of ${face} is called like ${pattern}`);
  return found;
}

const brotli = (bytes) => brotliCompressSync(bytes).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What, how it is compressed, and the most it may weigh in bytes (null: only said). */
const budgets = [
  ['loader', files('loader'), 'gzip', gzip, 2048],
  ['widget, first view', firstView('widget'), 'brotli', brotli, 30 * 1024],
  ['widget, all of it', files('widget'), 'brotli', brotli, 40 * 1024],
  ['desk, first view', firstView('desk'), 'brotli', brotli, 60 * 1024],
  ['desk, admin panel', named('desk', /\/Admin-[0-9a-f]+\.(?:js|css)$/), 'brotli', brotli, 48 * 1024],
];

/** What must come only when it is asked for: a word that stands in it and nowhere else. */
const later = [['desk', 'the admin panel', 'admin-of']];

let broken = false;
for (const [what, paths, name, compress, budget] of budgets) {
  const bytes = paths.reduce((sum, path) => sum + compress(readFileSync(path)), 0);
  const over = budget !== null && bytes > budget;
  broken ||= over;
  console.log(`${what}: ${bytes} bytes ${name}${budget === null ? '' : ` of ${budget}`}${over ? ', over budget' : ''}`);
}
for (const [face, what, word] of later) {
  const holds = (path) => readFileSync(path, 'utf8').includes(word);
  const early = firstView(face).filter(holds);
  const missing = !files(face).some(holds);
  broken ||= early.length > 0 || missing;
  if (early.length > 0) console.log(`${face}: ${what} stands in the first view`);
  if (missing) console.log(`${face}: ${what} is nowhere`);
}
if (broken) process.exitCode = 1;
