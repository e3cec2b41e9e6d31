/** The agent's own way of writing times. */
import { Clock } from '../state/times.ts';

export const clock = new Clock();
