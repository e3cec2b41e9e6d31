// Weighs what a visitor downloads and fails the build when a budget is broken.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
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

/** A script that comes when it is asked for, with what it cannot do without and the first view and `before` have not brought, styles too. */
function later(face, name, before = []) {
  const first = new Set([...firstView(face), ...before].map((path) => basename(path.pathname)));
  const assets = files(face).map((path) => basename(path));
  const found = new Set(assets.filter((asset) => isOf(asset, name, 'js')));
  if (found.size !== 1) throw new Error(`${found.size} scripts of ${face} are called ${name}`);
  for (const asset of found) {
    if (asset.endsWith('.css')) continue;
    const imports = readFileSync(new URL(`${face}/assets/${asset}`, dist), 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g);
    for (const [, next] of imports) if (!first.has(next)) found.add(next);
    for (const style of assets) if (isOf(style, asset.replace(/-[0-9a-f]+\.js$/, ''), 'css') && !first.has(style)) found.add(style);
  }
  return Array.from(found, (asset) => new URL(`${face}/assets/${asset}`, dist));
}

const isOf = (asset, name, ending) => asset.startsWith(`${name}-`) && /^[0-9a-f]+\.(?:js|css)$/.test(asset.slice(name.length + 1)) && asset.endsWith(`.${ending}`);

const brotli = (bytes) => brotliCompressSync(bytes).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What, how it is compressed, and the most it may weigh in bytes (null: only said). */
const budgets = [
  ['loader', files('loader'), 'gzip', gzip, 2048],
  ['widget, first view', firstView('widget'), 'brotli', brotli, 30 * 1024],
  ['widget, all of it', files('widget'), 'brotli', brotli, 40 * 1024],
  ['form, sealing', files('form'), 'gzip', gzip, 14 * 1024],
  ['desk, first view', firstView('desk'), 'brotli', brotli, 60 * 1024],
  ['desk, admin panel', later('desk', 'Admin'), 'brotli', brotli, 48 * 1024],
  ['desk, privacy', later('desk', 'Privacy', later('desk', 'Admin')), 'brotli', brotli, 16 * 1024],
  ['desk, history', later('desk', 'History'), 'brotli', brotli, 16 * 1024],
  ['desk, transfer', later('desk', 'Transfer'), 'brotli', brotli, 6 * 1024],
];

/** What must come only when it is asked for: a word that stands in it and nowhere else. */
const marks = [
  ['desk', 'the admin panel', 'admin-of'],
  ['desk', 'the history', 'history-of'],
  ['desk', 'privacy', 'privacy-intro'],
];

let broken = false;
for (const [what, paths, name, compress, budget] of budgets) {
  const bytes = paths.reduce((sum, path) => sum + compress(readFileSync(path)), 0);
  const over = budget !== null && bytes > budget;
  broken ||= over;
  console.log(`${what}: ${bytes} bytes ${name}${budget === null ? '' : ` of ${budget}`}${over ? ', over budget' : ''}`);
}
for (const [face, what, word] of marks) {
  const holds = (path) => readFileSync(path, 'utf8').includes(word);
  const early = firstView(face).filter(holds);
  const missing = !files(face).some(holds);
  broken ||= early.length > 0 || missing;
  if (early.length > 0) console.log(`${face}: ${what} stands in the first view`);
  if (missing) console.log(`${face}: ${what} is nowhere`);
}
if (broken) process.exitCode = 1;
