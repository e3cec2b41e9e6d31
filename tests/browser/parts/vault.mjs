// The vault of this house as a process: it can be held still, as if the network to it were gone, and let go on.
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { house } from './house.mjs';

function vault() {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words[0].endsWith('aside-vault') && words.some((word) => word.startsWith(`${house.data}/`));
    } catch {
      return false; // It has ended meanwhile.
    }
  });
  if (!found) throw new Error('the vault of this house is not running');
  return Number(found);
}

/** Runs `during` while the vault answers nobody. */
export async function withoutVault(during) {
  const pid = vault();
  process.kill(pid, 'SIGSTOP');
  try {
    await during();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Which of these texts stand in the vault's memory now. Pages that the kernel itself cannot read hold nothing for anybody. */
export function inMemoryOfVault(texts) {
  const pid = vault();
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
