/** The policy as it stands at the desk, and as it is being changed. */
import type { Refusal } from '../../../../parts/call.ts';
import { security } from '../api.ts';
import { Resource } from '../resource.svelte.ts';
import type { Policy, Range, Security, WorkingHours } from '../types.ts';
import { changed, numberWritten, rangeUnder, valueAt, withBook, withValue, type Value } from './policy.ts';

const ANY: Range = { min: 0, max: 999_999 };

export class PolicyDraft {
  readonly there: Resource<Security>;
  /** The policy with what was changed, or null while nothing is. */
  #edited = $state.raw<Policy | null>(null);
  /** What was written into a number's field and is none, or out of range. */
  wrong = $state<Record<string, string>>({});

  constructor(over: (refusal: Refusal) => boolean) {
    this.there = new Resource(security.look, over);
  }

  get saved(): Policy | null {
    return this.there.value?.policy ?? null;
  }

  get policy(): Policy | null {
    return this.#edited ?? this.saved;
  }

  /** The paths that differ from what is saved. */
  get changes(): string[] {
    const { saved, policy } = this;
    if (saved === null || policy === null) return [];
    const wrong = Object.keys(this.wrong);
    return [...changed(saved, policy).filter((path) => !wrong.includes(path)), ...wrong];
  }

  range(path: string): Range {
    const range = this.there.value?.ranges[path] ?? ANY;
    return this.policy === null ? range : rangeUnder(this.policy, path, range);
  }

  set(path: string, value: Value): void {
    const { policy } = this;
    const defaults = this.there.value?.defaults;
    if (policy === null || defaults === undefined) return;
    delete this.wrong[path];
    if (path !== 'password.profile') this.#edited = withValue(policy, path, value);
    else {
      for (const other of Object.keys(this.wrong)) if (other.startsWith('password.')) delete this.wrong[other];
      this.#edited = withBook(policy, value === 'nist' ? 'nist' : 'pci', defaults);
    }
  }

  write(path: string, text: string): void {
    const value = numberWritten(text, this.range(path));
    if (value === null) this.wrong[path] = text;
    else this.set(path, value);
  }

  /** What stands in a number's field. */
  written(path: string): string {
    const value = this.wrong[path] ?? (this.policy === null ? '' : valueAt(this.policy, path));
    return value === null ? '' : String(value);
  }

  setHours(hours: WorkingHours | null): void {
    if (this.policy === null) return;
    this.#edited = { ...this.policy, review: { ...this.policy.review, working_hours: hours } };
  }

  discard(): void {
    this.#edited = null;
    this.wrong = {};
  }

  /** The desk has saved it. */
  accept(value: Security): void {
    this.there.set(value);
    this.discard();
  }
}
