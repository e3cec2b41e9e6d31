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

const brotli = (bytes) => brotliCompressSync(bytes).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What, how it is compressed, and the most it may weigh in bytes (null: only said). */
const budgets = [
  ['loader', 'gzip', gzip, 2048],
  ['widget', 'brotli', brotli, 30 * 1024],
  ['desk', 'brotli', brotli, null],
];

let broken = false;
for (const [face, name, compress, budget] of budgets) {
  const bytes = files(face).reduce((sum, path) => sum + compress(readFileSync(path)), 0);
  const over = budget !== null && bytes > budget;
  broken ||= over;
  console.log(`${face}: ${bytes} bytes ${name}${budget === null ? '' : ` of ${budget}`}${over ? ', over budget' : ''}`);
}
if (broken) process.exitCode = 1;
