/** The proof of work that stands in for a riddle: the machine works for some seconds, and nobody has to see or solve anything. */
import { call } from '../../../parts/call.ts';
import type { Challenge, Payload, Solution } from 'altcha-lib/types';

/** What the worker is asked, and what it answers: null where it found nothing in time. */
export type Task = Challenge;
export type Result = Solution | null;

/**
 * Fetches a challenge and solves it beside the page.
 *
 * @returns what the login takes with it, or null where nothing was found
 * @throws Refusal where the desk gave no challenge; an error where the browser runs no worker
 */
export async function prove(signal: AbortSignal): Promise<string | null> {
  const challenge = await call<Challenge>('GET', '/api/captcha');
  const solution = await solve(challenge, signal);
  return solution === null ? null : encode({ challenge, solution });
}

/** base64 of the JSON, as the desk's library reads it. */
export function encode(payload: Payload): string {
  return btoa(JSON.stringify(payload));
}

function solve(challenge: Task, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./captcha.worker.ts', import.meta.url), { type: 'module' });
    const finish = () => worker.terminate();
    signal.addEventListener('abort', () => {
      finish();
      resolve(null);
    });
    worker.onmessage = (event: MessageEvent<Result>) => {
      finish();
      resolve(event.data);
    };
    worker.onerror = (event) => {
      finish();
      reject(new Error(event.message));
    };
    worker.postMessage(challenge);
  });
}
