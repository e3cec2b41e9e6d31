/** Whether the log is whole, and if not, what is wrong with which chain. */
import type { Chains, ChainState, Zone } from '../types.ts';

export interface Broken {
  zone: Zone;
  fault: string;
  state: ChainState;
}

/** The chains at fault, the desk's first. */
export function broken(chains: Chains): Broken[] {
  return (['desk', 'vault'] as const).flatMap((zone) => {
    const state = chains[zone];
    return state.whole && state.fault === null ? [] : [{ zone, fault: state.fault ?? 'unknown', state }];
  });
}

/** When both were checked last: the earlier of the two, or null while one never was. */
export function checkedAt(chains: Chains): number | null {
  const { desk, vault } = chains;
  return desk.checked_at === null || vault.checked_at === null ? null : Math.min(desk.checked_at, vault.checked_at);
}
