/** Works on one challenge, away from the page, so that nothing there stands still. */
import { solveChallenge } from 'altcha-lib';
import { deriveKey as pbkdf2 } from 'altcha-lib/algorithms/web/pbkdf2';
import { deriveKey as sha } from 'altcha-lib/algorithms/web/sha';
import type { Task } from './captcha.ts';

addEventListener('message', (event: MessageEvent<Task>) => {
  const challenge = event.data;
  const deriveKey = challenge.parameters.algorithm.startsWith('PBKDF2/') ? pbkdf2 : sha;
  // An algorithm that neither knows has no solution here: the page says so, and the person can try again.
  void solveChallenge({ challenge, deriveKey })
    .catch(() => null)
    .then((solution) => postMessage(solution));
});
