import { onlyOne } from './locks';
import type { ProblemBody, Tokens } from './wire';

// The one place where either app talks to the server. Three things can happen: an answer, a `Problem` (the server
// said no, and says why), or `Unreachable` (no answer came; nobody knows whether the server heard us).

const BASE = '/api/v1';
const TIMEOUT = 15_000;

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { field: string; message: string }[];
  /** Seconds the server asks us to wait, if it said so. */
  readonly retryAfter: number | null;

  constructor(status: number, body: Partial<ProblemBody>, retryAfter: number | null = null) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.errors = body.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** Our server gives each of its problems a code; a page that something between it and us made has none. */
  get hasCode() {
    return this.code !== 'unknown';
  }

  /** The server has ended this session for good. */
  get ended() {
    return this.code === 'session_ended';
  }
}

export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('The server could not be reached.', { cause });
    this.name = 'Unreachable';
  }
}

export type Session = { access_token: string; refresh_token: string; expires_at: number };

/** Where a session lives. Each app brings its own: the phone IndexedDB, the team's desk what suits it. */
export interface Keeper {
  read(): Promise<Session | null>;
  write(session: Session): Promise<void>;
  /** Called once when the server says the session is over. */
  ended(): Promise<void>;
  /** This very device was taken off the list: what it keeps of the person is to go. Nothing else is ever a reason for that. */
  revoked?(): Promise<void>;
}

export function sessionFrom(tokens: Tokens, now: number): Session {
  return { access_token: tokens.access_token, refresh_token: tokens.refresh_token, expires_at: now + tokens.expires_in * 1000 };
}

/** `body` goes as JSON, and small when it is asked to be (`pack`); `bytes` go as they are, with their own type. */
type Options = { body?: unknown; pack?: boolean; bytes?: Blob; headers?: Record<string, string>; token?: string; timeout?: number; signal?: AbortSignal };

/** One request without a session: public routes, signing in, and the contact key (as `token`). */
export async function send<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return read<T>(await raw(method, path, options));
}

/** Under this, packing saves nothing. */
const WORTH_PACKING = 1024;

async function packed(text: string): Promise<Blob | null> {
  if (text.length < WORTH_PACKING || typeof CompressionStream === 'undefined') return null;
  return new Response(new Response(text).body!.pipeThrough(new CompressionStream('gzip'))).blob();
}

async function raw(method: string, path: string, { body, pack, bytes, headers, token, timeout = TIMEOUT, signal }: Options): Promise<Response> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const small = pack && text ? await packed(text) : null;
  const limit = timeout > 0 ? AbortSignal.timeout(timeout) : undefined;
  const signals = [limit, signal].filter((one) => one !== undefined);
  try {
    return await fetch(BASE + path, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        Accept: 'application/json',
        ...(bytes ? { 'Content-Type': bytes.type } : text === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(small ? { 'Content-Encoding': 'gzip' } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(bytes ? { body: bytes } : text === undefined ? {} : { body: small ?? text }),
      ...(signals.length ? { signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0]! } : {}),
    });
  } catch (cause) {
    throw new Unreachable(cause);
  }
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text().catch((cause) => Promise.reject(new Unreachable(cause)));
  const json = parse(text);
  if (response.ok && json !== undefined) return json as T;
  // A proxy's page instead of JSON (a hotel's sign-in, a gateway error) tells us nothing about our server.
  if (json === undefined && (response.ok || response.status >= 502)) throw new Unreachable(`status ${response.status}`);
  const wait = Number(response.headers.get('Retry-After'));
  throw new Problem(response.status, (json as ProblemBody | undefined) ?? {}, Number.isFinite(wait) && wait > 0 ? wait : null);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Two tries, each as long as a request may take, and a little. */
const RENEWING = 2 * TIMEOUT + 10_000;

/** Whatever stood between us and a new token says nothing about what was to be sent with it. */
const noToken = (error?: Problem): Problem => new Problem(503, error ? { detail: error.message } : {}, error?.retryAfter);

export type Fresh<T> = { data: T; etag: string | null };
export type Api = ReturnType<typeof createApi>;

/** Requests with a session: the access token is renewed when it has run out, by one tab at a time. */
export function createApi(name: string, keeper: Keeper, now: () => number = Date.now) {
  async function token(refused?: string): Promise<string> {
    const session = await keeper.read();
    if (!session) throw new Problem(401, { code: 'unauthorised', detail: 'Nobody is signed in here.' });
    const good = refused === undefined ? session.expires_at - now() > 5_000 : session.access_token !== refused;
    return good ? session.access_token : renew(session.access_token);
  }

  // Inside the lock the stored session is read again: another tab may have renewed it while we waited. Two that renew at once would end the
  // session, so whoever does not get the lock in time goes without: a request for contact then goes by its key.
  function renew(old: string): Promise<string> {
    return onlyOne(`session-${name}`, async () => {
      const session = await keeper.read();
      if (!session) throw new Problem(401, { code: 'unauthorised', detail: 'Nobody is signed in here.' });
      if (session.access_token !== old) return session.access_token;
      const ask = () => send<Tokens>('POST', '/auth/refresh', { body: { refresh_token: session.refresh_token } });
      try {
        // A lost reply is asked for again at once: the server gives the same reply until the new tokens have been used, and for 30 seconds after.
        const tokens = await ask().catch((error) => (error instanceof Unreachable ? ask() : Promise.reject(error)));
        const next = sessionFrom(tokens, now());
        await keeper.write(next);
        return next.access_token;
      } catch (error) {
        if (error instanceof Problem && error.ended) await keeper.ended();
        if (error instanceof Problem && error.status === 401 && error.code === 'device_revoked') await keeper.revoked?.();
        throw error instanceof Problem && error.status !== 401 ? noToken(error) : error;
      }
    }, RENEWING, () => Promise.reject(noToken()));
  }

  async function response(method: string, path: string, options: Options = {}): Promise<Response> {
    const first = await token();
    const answer = await raw(method, path, { ...options, token: first });
    if (answer.status !== 401) return answer;
    return raw(method, path, { ...options, token: await token(first) });
  }

  const call = async <T>(method: string, path: string, options?: Options) => read<T>(await response(method, path, options));

  return {
    get: <T>(path: string, options?: Options) => call<T>('GET', path, options),
    /** `timeout` in milliseconds, where the body is large. */
    put: <T>(path: string, body: unknown, headers?: Record<string, string>, timeout?: number) =>
      call<T>('PUT', path, { body, ...(headers ? { headers } : {}), ...(timeout ? { timeout } : {}) }),
    post: <T>(path: string, body: unknown = {}, more: Pick<Options, 'headers' | 'timeout' | 'pack'> = {}) => call<T>('POST', path, { body, ...more }),
    patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
    delete: <T = void>(path: string) => call<T>('DELETE', path),

    /** A picture, up: the bytes as they are. On a slow line it may take a while. */
    putBytes: <T>(path: string, bytes: Blob) => call<T>('PUT', path, { bytes, timeout: 60_000 }),

    /** A picture or a file, down. The page shows it by an address of its own: an <img> or a link cannot sign in. */
    async blob(path: string, accept = 'image/*'): Promise<Blob> {
      const answer = await response('GET', path, { headers: { Accept: accept }, timeout: 60_000 });
      if (!answer.ok) await read(answer);
      return answer.blob().catch((cause) => Promise.reject(new Unreachable(cause)));
    },

    /** `null` when nothing changed since `etag`. */
    async getIfNew<T>(path: string, etag: string | null): Promise<Fresh<T> | null> {
      const answer = await response('GET', path, etag ? { headers: { 'If-None-Match': etag } } : {});
      if (answer.status === 304) return null;
      return { data: await read<T>(answer), etag: answer.headers.get('ETag') };
    },

    /** An open stream (server-sent events), without a time limit; the caller reads `body` and aborts. */
    async stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
      const answer = await response('GET', path, { headers: { Accept: 'text/event-stream', ...headers }, timeout: 0, signal });
      if (!answer.ok || !answer.body) await read(answer);
      return answer;
    },
  };
}
