import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApi, Problem, Unreachable, type Session } from './api';

let stored: Session | null;
let over: number;
const calls: string[] = [];
const answers: (() => Response | Promise<Response>)[] = [];
const json = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status });
const lost = () => Promise.reject(new TypeError('network'));

beforeEach(() => {
  stored = { access_token: 'a1', refresh_token: 'r1', expires_at: Date.now() + 600_000 };
  over = calls.length = answers.length = 0;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    calls.push(`${init.method} ${url.replace('/api/v1', '')} ${headers.Authorization ?? init.body ?? ''}`.trim());
    return Promise.resolve().then(answers.shift()!);
  });
});
afterEach(() => vi.unstubAllGlobals());

const api = () =>
  createApi('test', {
    read: async () => stored,
    write: async (session) => void (stored = session),
    ended: async () => void (over += 1, (stored = null)),
  });

test('renews a refused token once and asks again', async () => {
  answers.push(json(401, { code: 'unauthorised' }), json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 600 }), json(200, { ok: true }));
  expect(await api().get('/me')).toEqual({ ok: true });
  expect(calls).toEqual(['GET /me Bearer a1', 'POST /auth/refresh {"refresh_token":"r1"}', 'GET /me Bearer a2']);
  expect(stored).toMatchObject({ access_token: 'a2', refresh_token: 'r2' });
});

test('asks for the same tokens again when the reply to a refresh was lost', async () => {
  stored!.expires_at = 0;
  answers.push(lost, json(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 600 }), json(200, {}));
  await api().get('/me');
  expect(calls.slice(0, 2)).toEqual(['POST /auth/refresh {"refresh_token":"r1"}', 'POST /auth/refresh {"refresh_token":"r1"}']);
});

test('keeps the session when nobody answers, and ends it when the server says so', async () => {
  stored!.expires_at = 0;
  answers.push(lost, lost);
  await expect(api().get('/me')).rejects.toBeInstanceOf(Unreachable);
  expect(stored?.refresh_token).toBe('r1');

  answers.push(json(401, { code: 'session_ended', detail: 'Signed out.' }));
  await expect(api().get('/me')).rejects.toMatchObject({ code: 'session_ended' });
  expect(over).toBe(1);
});

test('a page of some proxy is no answer of ours; a problem is', async () => {
  answers.push(() => new Response('<html>', { status: 200 }), json(422, { code: 'invalid', detail: 'Too long.', errors: [{ field: 'note', message: 'Too long.' }] }));
  await expect(api().get('/me')).rejects.toBeInstanceOf(Unreachable);
  const problem = await api().put('/me/items', {}).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ status: 422, message: 'Too long.', errors: [{ field: 'note', message: 'Too long.' }] });
});

test('sends a picture as it is, and brings one back', async () => {
  const types: (string | undefined)[] = [];
  const bare = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    types.push((init.headers as Record<string, string>)['Content-Type']);
    return bare(url, init);
  });
  answers.push(json(201, { id: 'x' }), () => new Response('abc'), json(404, { code: 'not_found', detail: 'No.' }));
  expect(await api().putBytes('/picture', new Blob(['abc'], { type: 'image/jpeg' }))).toEqual({ id: 'x' });
  expect((await api().blob('/picture')).size).toBe(3);
  await expect(api().blob('/picture')).rejects.toMatchObject({ status: 404 });
  expect(types).toEqual(['image/jpeg', undefined, undefined]);
});

test.each([500, 422, 400, 413])('a refresh that fails with %i says nothing about what was to be sent', async (status) => {
  stored!.expires_at = 0;
  answers.push(json(status, { code: 'invalid', detail: 'No.' }));
  await expect(api().post('/me/sync')).rejects.toMatchObject({ status: 503, message: 'No.' });
  expect([stored?.refresh_token, over, calls.length]).toEqual(['r1', 0, 1]);
});

test('nobody renews beside a tab that holds on to the session, and nobody waits for it for ever', async () => {
  vi.useFakeTimers();
  const request = (_name: string, { signal }: { signal: AbortSignal }) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason as Error)));
  vi.stubGlobal('navigator', { locks: { request } });
  stored!.expires_at = 0;
  const waits = api().post('/me/sync').catch((error: Problem) => error.status);
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  expect([await waits, calls]).toEqual([503, []]);
});
