// Starts a house of its own on free ports with a temporary folder, runs the journeys against it, and stops it.
//
//   node run.mjs --aside PATH [--pictures FOLDER] [NAME …]
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { aside: { type: 'string' }, pictures: { type: 'string' } },
  allowPositionals: true,
});
if (!values.aside) {
  console.error('usage: node run.mjs --aside PATH-OF-THE-ASIDE-PROGRAM [--pictures FOLDER] [NAME …]');
  process.exit(2);
}

const data = await mkdtemp(join(tmpdir(), 'aside-browser-'));
const programs = await mkdtemp(join(tmpdir(), 'aside-programs-'));
await layPrograms(resolve(values.aside), programs);
const house = spawn(join(programs, 'aside'), ['demo', '--data', data, '--free-ports', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const gone = new Promise((done) => house.once('exit', done));
let status = 1;
try {
  const ready = await Promise.race([
    new Promise((done) => createInterface({ input: house.stdout }).once('line', done)),
    gone.then((code) => Promise.reject(new Error(`aside demo ended with ${code} before it was ready`))),
  ]);
  process.env.ASIDE_HOUSE = ready;
  process.env.ASIDE_READY_AT = String(Date.now());
  if (values.pictures) process.env.ASIDE_PICTURES = resolve(values.pictures);
  const folder = join(import.meta.dirname, 'journeys');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.mjs') && (positionals.length === 0 || positionals.some((part) => name.includes(part))))
    .sort()
    .map((name) => join(folder, name));
  status = await new Promise((done) => {
    let failed = 0;
    run({ files, concurrency: 1, timeout: 180_000 })
      .on('test:fail', () => (failed += 1))
      .once('end', () => done(failed === 0 ? 0 : 1))
      .compose(new spec())
      .pipe(process.stdout);
  });
} finally {
  house.kill('SIGTERM');
  await gone;
  for (const folder of [data, programs]) await rm(folder, { recursive: true, force: true });
}
process.exitCode = status;

/**
 * Lays the programs into `folder`, the vault under a supervisor: as under any service manager it is started again when it ends
 * without being asked to. `aside` looks for the others beside itself, and follows a link to where it is, so it is copied.
 */
async function layPrograms(aside, folder) {
  await copyFile(aside, join(folder, 'aside'));
  await symlink(join(dirname(aside), 'aside-desk'), join(folder, 'aside-desk'));
  const supervisor = join(import.meta.dirname, 'parts', 'supervisor.sh');
  const text = `#!/bin/sh\nexec /bin/sh '${supervisor}' '${join(dirname(aside), 'aside-vault')}' "$@"\n`;
  await writeFile(join(folder, 'aside-vault'), text, { mode: 0o700 });
}
