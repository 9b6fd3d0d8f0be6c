import type { Problem } from '../../.generated/openapi';
import { expire, session } from '../app/session';

/** What the API refused or could not do. The message is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** 0: there was no answer. */
  get isOutage(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

interface Options {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A text is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** A status that is an answer here, and no error. */
  accept?: number;
  /** Instead of the session's: a key that is being tried. */
  key?: string;
  /** For what takes the bridge longer. */
  timeoutMs?: number;
}

const usualTimeoutMs = 30_000;

const notRead = 'The bridge does not answer. Check the network and try again.';
const notKnown = 'The bridge does not answer, and whether this was done is not known. Check the network, and look what is there before you try again.';

/** One call of the API, with the session's key. Every answer that is not a success is an {@link ApiError}, except 304. */
export async function send(path: string, { method = 'GET', body, headers = {}, signal, key, accept, timeoutMs = usualTimeoutMs }: Options = {}): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutMs);
  const request: RequestInit = {
    method,
    headers: { ...headers, ...credentials(key) },
    cache: 'no-store',
    credentials: 'same-origin',
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  };
  if (body !== undefined) {
    request.headers = { ...request.headers, 'Content-Type': 'application/json' };
    request.body = typeof body === 'string' ? body : JSON.stringify(body);
  }

  let answer: Response;
  try {
    answer = await fetch(base(key) + path, request);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', method === 'GET' ? notRead : notKnown);
  }
  if (answer.ok || answer.status === 304 || (answer.status === accept && isPlainJson(answer))) return answer;
  if (answer.status === 401 && key === undefined) expire();
  throw await problemOf(answer);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send(path, signal ? { signal } : {})).json() as Promise<T>;
}

export async function change<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, timeoutMs?: number): Promise<T> {
  const answer = await send(path, { method, body, ...(timeoutMs ? { timeoutMs } : {}) });
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** An id in a path: it may contain anything. */
export function id(text: string): string {
  return encodeURIComponent(text);
}

function isPlainJson(answer: Response): boolean {
  return answer.headers.get('Content-Type')?.startsWith('application/json') === true;
}

/** With Entra ID the same operations are behind another path, and no key is in the browser. */
function base(key?: string): string {
  return session.value.entra && key === undefined ? '/api/console/api' : '/api';
}

function credentials(key = session.value.key ?? undefined): Record<string, string> {
  if (key === '') return { 'X-Console': '1' };
  return key === undefined ? {} : { 'x-functions-key': key };
}

async function problemOf(answer: Response): Promise<ApiError> {
  const text = await answer.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.detail === 'string') return new ApiError(answer.status, problem.code, problem.detail);
  } catch {
    // Not a problem document: the platform itself has answered.
  }
  if (answer.status === 401) return new ApiError(401, 'unauthorized', session.value.entra ? 'Your sign-in has ended.' : 'The function key was refused.');
  return new ApiError(answer.status, 'unknown', `The bridge answered with status ${answer.status}.`);
}
