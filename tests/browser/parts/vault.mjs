// The vault of this house as a process: it can be held still, as if the network to it were gone, and let go on.
import { readFileSync, readdirSync } from 'node:fs';
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
