// The code apps of the house's people (RFC 6238). A code works once, so what was given away is remembered for the whole run.
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { house } from './house.mjs';

const STEP = 30_000;
const memory = join(house.data, 'codes-given.json');
// What the house itself used while it was set up is not known: begin after it.
const begun = Math.floor(Number(process.env.ASIDE_READY_AT) / STEP);

function bytes(base32) {
  let bits = '';
  for (const letter of base32.replaceAll(/[\s=]/g, '').toUpperCase()) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of one step of 30 seconds. */
function code(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', bytes(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A code that was not given away before; waits for the next step where it must, as a person would. */
export async function nextCode(secret) {
  const given = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
  for (;;) {
    const now = Math.floor(Date.now() / STEP);
    const next = Math.max((given[secret] ?? begun) + 1, now);
    if (next <= now + 1) {
      writeFileSync(memory, JSON.stringify({ ...given, [secret]: next }));
      return code(secret, next);
    }
    await wait(STEP - (Date.now() % STEP) + 50);
  }
}
