import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ContactRequest } from '../../shared/wire';
import { checkIns, items } from './about';
import { pack } from '../pack/store.svelte';
import { db } from './db';
import { keep, mine, type Entry } from './outbox';
import type { SyncRequest } from './outbox/request';
import { writeSession } from './own';
import { pending } from './pending.svelte';
import { put } from './rows';
import { session } from './session.svelte';
import { loadPerson, run, sync, welcome } from './sync.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const AT = '2026-11-22T12:00:00.000Z';
const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
const checkIn = (id: string, note = 'Fine.'): Entry => ({ id, client_id: 'jo', kind: 'check_in', target: null, body: { recorded_at: AT, answers: [], note }, created_at: AT, state: 'waiting', reason: null });
const request: Entry = { id: '019ab000-0000-7000-8000-000000000001', client_id: 'jo', kind: 'contact_request', target: null, body: { requested_at: AT, when: 'now', how: 'call', message: 'I cannot sleep, please ring.' }, created_at: AT, state: 'waiting', reason: null };

type Asked = { url: string; headers: Record<string, string>; text: string; sync: SyncRequest };

/** A server that takes whatever it is sent, unless `first` has another answer. It writes down what it was asked. */
function server(first: (asked: Asked) => Response | null = () => null) {
  const all: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, { headers, body }: { headers: Record<string, string>; body?: string | Blob }) => {
    const text = typeof body === 'string' ? body : body ? await new Response(body.stream().pipeThrough(new DecompressionStream('gzip'))).text() : '';
    const asked = { url, headers, text: typeof body === 'string' ? body : '', sync: text ? JSON.parse(text) : null };
    all.push(asked);
    const other = first(asked);
    if (other) return other;
    if (url.endsWith('/auth/refresh')) return Response.json({ access_token: 'b', refresh_token: 's', expires_in: 3600 });
    if (!url.endsWith('/me/sync')) throw new TypeError('gone');
    const operations = asked.sync.operations.map(({ id }: { id: string }) => ({ id, outcome: 'done', problem: null, answer: null }));
    const changes = asked.sync.cursor ? {} : { items: { check_ins_per_week: 3, items: [] }, provider: { name: 'Harbour', crisis_lines: [] }, check_ins: { items: [], next_cursor: null, questions: [], usual: [], sentence: 'Well.' } };
    return Response.json({ cursor: 'c1', server_time: AT, operations, changes: asked.sync.want ? {} : changes, offer_again: false, missing: [] });
  });
  return all;
}
const talks = (all: Asked[]) => all.filter(({ url }) => url.endsWith('/me/sync'));

beforeEach(async () => {
  const store = await db();
  for (const name of ['cache', 'outbox', 'received', 'requests'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  vi.stubGlobal('navigator', Object.assign(navigator, { locks: undefined }));
  await loadPerson();
});
afterEach(async () => {
  warn.mockClear();
  vi.unstubAllGlobals();
  await (await db()).delete('kept', 'session');
});

test('one request brings everything that changed, and says as of when; the next says that nothing has', async () => {
  const all = server();
  await welcome();
  await run();
  expect(talks(all)[0]!.sync).toEqual({ cursor: null, operations: [], last: null });
  expect([items.data?.check_ins_per_week, checkIns.data?.sentence]).toEqual([3, 'Well.']);
  const asOf = sync.asOf!;
  expect(Date.parse(asOf)).toBeGreaterThan(Date.now() - 60_000);
  items.clear();
  await loadPerson();
  expect([items.data?.check_ins_per_week, items.at]).toEqual([3, asOf]);
});

test('a request for contact goes first, alone, and in less than a kilobyte with every header that is ours', async () => {
  const store = await db();
  await keep(store, checkIn('019ab000-0000-7000-8000-000000000002'));
  await keep(store, request);
  const all = server();
  await run();
  const [first, second] = talks(all);
  expect(first!.sync.operations.map(({ kind }) => kind)).toEqual(['contact_request']);
  expect(second!.sync.operations.map(({ kind }) => kind)).toEqual(['check_in']);
  const size = first!.text.length + Object.entries(first!.headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  // An access token of ours is some 300 bytes long.
  expect(size + 300).toBeLessThan(1024);
  expect(first!.headers['Companion-Sent-At']).toBeDefined();
  expect(await mine(store, 'jo')).toEqual([]);
});

test('what is long travels packed', async () => {
  await keep(await db(), checkIn('019ab000-0000-7000-8000-000000000002', 'word '.repeat(600)));
  const all = server();
  await run();
  expect(talks(all)[0]!.headers['Content-Encoding']).toBe('gzip');
  expect(talks(all)[0]!.sync.operations[0]!.body.note).toBe('word '.repeat(600));
});

test('when the session is over a request for contact goes by its key, and the rest stays', async () => {
  const store = await db();
  await put(store, 'requests', { id: request.id, client_id: 'jo', body: request.body as never, answer: null, by_key: null, heard_at: null });
  await keep(store, checkIn('019ab000-0000-7000-8000-000000000002'));
  await keep(store, request);
  const by_key = { id: request.id, state: 'received', received_at: AT, folded_into: null } as unknown as ContactRequest;
  const all = server(({ url }) => {
    if (url.endsWith('/me/sync')) return Response.json({ code: 'unauthorised' }, { status: 401 });
    if (url.endsWith('/auth/refresh')) return Response.json({ code: 'session_ended' }, { status: 401 });
    return url.endsWith(`/contact-requests/${request.id}`) ? Response.json(by_key) : null;
  });
  await run();
  expect(session.current?.over).toBe('ended');
  expect(all.filter(({ url }) => url.includes('/contact-requests/'))[0]!.headers.Authorization).toBe('Bearer k');
  expect((await mine(store, 'jo')).map(({ kind }) => kind)).toEqual(['check_in']);
  expect(warn).not.toHaveBeenCalled();
});

test.each([404, 429, 500, 503])('a server in trouble (%i) is known to be away, and nothing is lost', async (status) => {
  await keep(await db(), checkIn('019ab000-0000-7000-8000-000000000002'));
  server(({ url }) => (url.endsWith('/me/sync') ? Response.json({ code: 'x' }, { status }) : null));
  await run();
  expect(sync.away).toBe(true);
  expect(pending.entries.map(({ state }) => state)).toEqual(['waiting']);
  expect(warn).not.toHaveBeenCalled();
});

test('of somebody who is signing out nothing is kept that comes late', async () => {
  const all = server();
  await (await db()).delete('kept', 'session');
  await run();
  expect(talks(all)).toEqual([]);
  expect(await (await db()).getAll('cache')).toEqual([]);
});

test('a part that the server could not tell is not confirmed, and neither is that all of it is as of now', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  server();
  await welcome();
  await run();
  const before = sync.asOf!;
  expect([items.at, checkIns.at]).toEqual([before, before]);
  vi.setSystemTime(Date.now() + 3 * 60_000);
  server(({ url, sync }) => (url.endsWith('/me/sync') && !sync.want ? Response.json({ cursor: 'c1', server_time: AT, operations: [], changes: {}, offer_again: false, missing: [], untold: ['items'] }) : null));
  // The round of the welcome may still be on its way.
  for (let rounds = 0; rounds < 9 && checkIns.at === before; rounds++) await run();
  vi.useRealTimers();
  expect([sync.asOf, items.at]).toEqual([before, before]);
  expect(Date.parse(checkIns.at!)).toBeGreaterThan(Date.parse(before));
});

test('that the server is there again is said before its pack has come', async () => {
  const of = (hash: string) => ({ resources: [{ slug: 'sleep', editions: { en: hash } }], additions: [], first_aid: [], marks: {}, texts: { [hash]: { title: hash } } }) as never;
  server(({ url }) => (url.endsWith('/me/sync') ? new Response('', { status: 502 }) : null));
  // Of somebody who has just joined everything is asked.
  await welcome();
  await run();
  expect(sync.away).toBe(true);
  let cannotCome: ((why: Error) => void) | undefined;
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/me/sync')) return Response.json({ cursor: 'c1', server_time: AT, operations: [], changes: { pack: of('h2') }, offer_again: false, missing: [] });
    return new Promise((_, fail) => (cannotCome = fail));
  });
  const round = run();
  await vi.waitFor(() => expect(cannotCome).toBeDefined());
  expect(sync.away).toBe(false);
  cannotCome!(new TypeError('gone'));
  await round;
});

test('a pack whose texts did not come is not confirmed, and neither is that all of it is as of now', async () => {
  const of = (hash: string) => ({ resources: [{ slug: 'sleep', editions: { en: hash } }], additions: [], first_aid: [], marks: {}, texts: { [hash]: { title: hash } } }) as never;
  await pack.take('jo', { ...(of('h1') as object), resources: [] } as never, AT, {});
  server(({ url, sync }) => (url.endsWith('/me/sync') && !sync.want ? Response.json({ cursor: 'c1', server_time: AT, operations: [], changes: { pack: of('h2') }, offer_again: false, missing: [] }) : null));
  await welcome();
  await run();
  expect([pack.due, pack.at, sync.asOf]).toEqual([true, AT, null]);
  pack.confirm('jo', new Date().toISOString());
  expect(pack.at).toBe(AT);
  await loadPerson();
  expect(pack.due, 'after a restart too').toBe(true);
});
