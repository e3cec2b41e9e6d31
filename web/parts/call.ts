// Commands to the desk: JSON over HTTP, refusals as problem documents (RFC 9457).
// Holds no token: the session is a cookie that scripts cannot read.
import { readClock } from './clock.ts';

/** Why the desk refused. */
export type ProblemKind =
  | 'not_valid'
  | 'used'
  | 'expired'
  | 'no_right'
  | 'wrong_state'
  | 'invalid'
  | 'busy'
  | 'failed'
  | 'signed_out'
  | 'login_failed'
  | 'vault_down'
  /** The vault's keys can't be used: their provider is sealed or away. */
  | 'vault_sealed'
  /** The vault's memory has no room for another form. */
  | 'vault_full'
  /** The permission for it is missing. */
  | 'not_allowed'
  /** The sign-in is not finished: a step is left. */
  | 'unfinished'
  /** The session or the account is locked. */
  | 'locked'
  /** A proof of work is asked for, or the one that came does not hold. */
  | 'captcha'
  | 'wrong_code'
  /** Secure forms are off for the whole site. */
  | 'forms_stopped'
  /** There is no factor at the vault yet. */
  | 'no_factor'
  /** Saving this stops secure forms, and wants to be confirmed. */
  | 'confirm_stop'
  /** The machine is short of disk space. */
  | 'low_space'
  /** The request did not come through: no connection, or the answer was lost. */
  | 'unreachable';

/** A refusal, or a connection that did not hold. `message` is for developers; people read a translated sentence. */
export class Refusal extends Error {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly kind: ProblemKind;
  /** The field at fault, where there is one. */
  readonly field: string | null;
  /** A finer reason (`other_agent`, `other_session`, `closed`), where there is one. */
  readonly code: string | null;
  /** Seconds that the server asks to wait (`Retry-After`), where it does. */
  readonly wait: number | null;
  /** The whole problem document, for what only one kind carries (`left`, `reasons`). */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    kind: ProblemKind,
    title: string,
    rest: { field?: string; code?: string; wait?: number; document?: Record<string, unknown> } = {},
  ) {
    super(title);
    this.name = 'Refusal';
    this.status = status;
    this.kind = kind;
    this.field = rest.field ?? null;
    this.code = rest.code ?? null;
    this.wait = rest.wait ?? null;
    this.document = rest.document ?? {};
  }

  /** Whether the same request may succeed later as it is. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** What a status means where the answer carries no problem document (a proxy's page, say). */
function kindOf(status: number): ProblemKind {
  if (status === 401) return 'signed_out';
  if (status === 403) return 'no_right';
  if (status === 404) return 'not_valid';
  if (status === 409) return 'wrong_state';
  if (status === 410) return 'expired';
  if (status === 422) return 'invalid';
  if (status === 423) return 'locked';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy';
  return 'failed';
}

async function refusal(response: Response): Promise<Refusal> {
  const problem: unknown = await response.json().catch(() => null);
  const said = (typeof problem === 'object' && problem !== null ? problem : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : undefined);
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const [field, code] = [text('field'), text('code')];
  return new Refusal(response.status, (text('kind') as ProblemKind | undefined) ?? kindOf(response.status), text('title') ?? `status ${response.status}`, {
    ...(field === undefined ? {} : { field }),
    ...(code === undefined ? {} : { code }),
    ...(Number.isFinite(wait) ? { wait } : {}),
    document: said,
  });
}

/** How long a command may take, in milliseconds, before it counts as lost. */
const PATIENCE = 15_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Sends one command and reads its answer. A 204 answers `undefined`.
 *
 * @throws Refusal, always and only
 */
export async function call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
      ...(method === 'POST' || method === 'PUT' ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) } : {}),
    });
  } catch {
    throw new Refusal(0, 'unreachable', 'no answer');
  }
  readClock(response.headers.get('Date'));
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new Refusal(0, 'unreachable', 'the answer broke off');
  }
}
