/**
 * The panel's living state: what it has loaded, what is being changed, and how a command is given. It lives as long as the
 * session, so that a change which is not saved yet outlasts a look at the chats.
 */
import { getContext, setContext } from 'svelte';
import type { Refusal } from '../../../parts/call.ts';
import type { Answer } from '../api/client.ts';
import type { Desk } from '../app/desk.svelte.ts';
import { refusalInWords } from '../app/refusals.ts';
import * as api from './api.ts';
import { AuditLog } from './audit/log.svelte.ts';
import { everyone, type PeopleFilter } from './people/list.ts';
import { Resource } from './resource.svelte.ts';
import { PolicyDraft } from './security/draft.svelte.ts';
import type { Alert, Key, Permission, Person, Profile } from './types.ts';
import { t } from './words.ts';

/** What a person's sheet has changed and not saved. */
export interface PersonDraft {
  display_name: string;
  profile: string;
  permissions: Permission[];
}

/** A secret or link that the desk shows this one time. */
export interface Fresh {
  title: string;
  text: string;
  label: string;
  value: string;
}

export class Panel {
  readonly desk: Desk;
  readonly people: Resource<Person[]>;
  readonly profiles: Resource<Profile[]>;
  readonly keys: Resource<Key[]>;
  readonly alerts: Resource<Alert[]>;
  readonly security: PolicyDraft;
  readonly audit: AuditLog;
  peopleFilter = $state<PeopleFilter>({ ...everyone });
  drafts = $state<Record<string, PersonDraft>>({});
  /** Shown in a dialog until it is closed, then gone. */
  fresh = $state.raw<Fresh | null>(null);

  constructor(desk: Desk) {
    this.desk = desk;
    const over = (refusal: Refusal) => desk.signedOut(refusal);
    this.people = new Resource(async () => mapped(await api.people.all(), (value) => value.people), over);
    this.profiles = new Resource(api.profiles.all, over);
    this.keys = new Resource(api.keys.all, over);
    this.alerts = new Resource(api.alerts.all, over);
    this.security = new PolicyDraft(over);
    this.audit = new AuditLog(over);
  }

  /**
   * Gives a command and tells how it went: `done` where it was, otherwise what the desk said. Answers with the value, or
   * null where it was refused.
   */
  async run<T>(name: string, command: () => Promise<Answer<T>>, done?: string, undo?: () => void): Promise<{ value: T } | null> {
    const answer = await this.desk.command(name, command);
    if (!answer.ok) {
      if (!this.desk.signedOut(answer.refusal)) this.desk.notices.bad(inWords(answer.refusal));
      return null;
    }
    if (done !== undefined) this.desk.notices.good(done, undo && { label: t('undo'), run: undo });
    return { value: answer.value };
  }

  busy(name: string): boolean {
    return this.desk.busy[name] ?? false;
  }
}

function mapped<From, To>(answer: Answer<From>, change: (value: From) => To): Answer<To> {
  return answer.ok ? { ok: true, value: change(answer.value) } : answer;
}

/** The panel's own reasons first, then what every refusal says. */
export function inWords(refusal: Refusal): string {
  switch (refusal.code) {
    case 'own_account':
      return t('refused-own-account');
    case 'last_manager':
      return t('refused-last-manager');
    case 'in_use':
      return t('refused-in-use');
    case 'built_in':
      return t('refused-built-in');
    case 'taken':
      return t('refused-taken');
    default:
      return refusal.kind === 'invalid' ? t('refused-invalid') : refusalInWords(refusal);
  }
}

/** The panel of the session that is going on. */
let kept: { session: string; panel: Panel } | null = null;

export function panelOf(desk: Desk): Panel {
  const session = desk.session?.session ?? '';
  if (kept === null || kept.session !== session || kept.panel.desk !== desk) kept = { session, panel: new Panel(desk) };
  return kept.panel;
}

/** After the session nothing of it stays in memory. */
export function forgetPanel(): void {
  kept = null;
}

const KEY = Symbol('panel');

export function providePanel(panel: Panel): void {
  setContext(KEY, panel);
}

export function usePanel(): Panel {
  return getContext<Panel>(KEY);
}
