// The vault of this house as a process: it can be held still, as if the network to it were gone, and let go on; and its operator
// can start it anew, with other settings too.
import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, readSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { house } from './house.mjs';

const config = join(house.data, 'vault.toml');
const keyFile = join(house.data, 'vault-key', 'vault.key');

/** Its process and its file, or nothing while it does not run. */
function running() {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [program, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (program.endsWith('aside-vault') && words.some((word) => word.startsWith(`${house.data}/`))) return { pid: Number(pid), program };
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

function vault() {
  const found = running();
  if (found === undefined) throw new Error('the vault of this house is not running');
  return found;
}

/** What the vault says of itself, or nothing while it does not answer. */
function readiness() {
  const { port, host } = new URL(house.vault);
  return new Promise((told) => {
    const asked = get({ host: '127.0.0.1', port, path: '/health/ready', headers: { host } }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (piece) => (text += piece)).on('end', () => told(JSON.parse(text)));
    });
    asked.on('error', () => told(undefined));
  });
}

/** Ends the vault, which its supervisor starts anew, and waits until it answers. */
export async function restartVault() {
  const before = vault().pid;
  process.kill(before, 'SIGTERM');
  for (const end = Date.now() + 60_000; ; await wait(50)) {
    if (Date.now() > end) throw new Error('the vault did not come back');
    const now = running()?.pid;
    if (now !== undefined && now !== before && (await readiness())) return;
  }
}

/** Runs `during` with the vault under other settings, and brings back what was there. */
export async function withSettings(change, during) {
  const before = readFileSync(config, 'utf8');
  writeFileSync(config, change(before));
  try {
    await restartVault();
    await during();
  } finally {
    writeFileSync(config, before);
    await restartVault();
  }
}

/**
 * Runs `during` with the vault's keys under a passphrase that nobody has typed since it was started; it gets what types it.
 * Afterwards the key file is as it was.
 */
export async function withSealedKeys(during) {
  const passphrase = 'lantern harbour walnut';
  const { program } = vault();
  const kept = `${keyFile}.kept`;
  copyFileSync(keyFile, kept);
  execFileSync(program, ['keys', 'passphrase', '--config', config], { input: `${passphrase}\n` });
  try {
    await restartVault();
    await during(() => execFileSync(program, ['unseal', '--config', config], { input: `${passphrase}\n` }));
  } finally {
    copyFileSync(kept, keyFile);
    rmSync(kept);
    await restartVault();
  }
}

/** Runs `during` while the vault answers nobody. */
export async function withoutVault(during) {
  const { pid } = vault();
  process.kill(pid, 'SIGSTOP');
  try {
    await during();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Which of these texts stand in the vault's memory now. Pages that the kernel itself cannot read hold nothing for anybody. */
export function inMemoryOfVault(texts) {
  const { pid } = vault();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const found = new Set();
  const piece = Buffer.alloc(1 << 20);
  const longest = Math.max(...texts.map((text) => Buffer.byteLength(text)));
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, first, end, access] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!access?.startsWith('rw')) continue;
      // Pieces overlap, so that nothing hides on their border.
      for (let at = Number(`0x${first}`); at < Number(`0x${end}`); at += piece.length - longest) {
        let length = 0;
        try {
          length = readSync(memory, piece, 0, Math.min(piece.length, Number(`0x${end}`) - at), at);
        } catch (error) {
          if (error.code !== 'EIO') throw error;
          break;
        }
        for (const text of texts) if (piece.subarray(0, length).includes(text)) found.add(text);
      }
    }
  } finally {
    closeSync(memory);
  }
  return [...found];
}
