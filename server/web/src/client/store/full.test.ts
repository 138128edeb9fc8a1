import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContactByKey } from '../../shared/wire';
import { items } from './about';
import { db } from './db';
import { keep, mine, type Entry } from './outbox';
import { readSession, writeSession } from './own';
import { full } from './quota.svelte';
import { get, ids, put } from './rows';
import { session } from './session.svelte';
import { loadPerson, run, sync } from './sync.svelte';
import type { StoredSession } from './stored';

// A phone with no room left. What a person asked for still goes, is told truly, and the session lives on.

const AT = '2026-11-22T12:00:00.000Z';
const JO: StoredSession = {
  client_id: 'jo', access_token: 'a0', refresh_token: 'r0', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const ID = '019ab000-0000-7000-8000-000000000001';
const request: Entry = { id: ID, client_id: 'jo', kind: 'contact_request', target: null, body: { requested_at: AT, when: 'now', how: 'call' }, created_at: AT, state: 'waiting', reason: null };
const checkIn: Entry = { id: 'c', client_id: 'jo', kind: 'check_in', target: null, body: { recorded_at: AT, answers: [] }, created_at: AT, state: 'waiting', reason: null };
const byKey = (id: string) => ({ id, state: 'received', received_at: AT, reached_at: null, seen_at: null, promised_by: null, promise_broken: false, done_at: null, cancelled_at: null, folded_into: null }) satisfies ContactByKey;
const room = IDBObjectStore.prototype.put;
vi.spyOn(console, 'warn').mockImplementation(() => undefined);

/** Nothing fits into what `which` says, as a browser tells it: the request fails. */
function noRoom(which: (store: string, key: unknown, row: Record<string, unknown>) => boolean) {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, row, key) {
    if (which(this.name, key, row)) throw new DOMException('full', 'QuotaExceededError');
    return room.call(this, row, key as IDBValidKey);
  });
}

/** It gives out new tokens, and ends the session of whoever comes with old ones. `changes` once. */
function server(changes: Record<string, unknown> = {}) {
  const told = { life: 0, refused: 0, byKey: 0, syncs: 0 };
  vi.stubGlobal('fetch', async (url: string, { headers, body }: { headers: Record<string, string>; body?: string }) => {
    if (url.endsWith('/auth/refresh')) {
      if ((JSON.parse(body!) as { refresh_token: string }).refresh_token !== `r${told.life}`) return told.refused++, Response.json({ code: 'session_ended' }, { status: 401 });
      told.life++;
      return Response.json({ access_token: `a${told.life}`, refresh_token: `r${told.life}`, expires_in: 0 });
    }
    if (url.includes('/contact-requests/')) return told.byKey++, Response.json(byKey(url.split('/').at(-1)!));
    if (!url.endsWith('/me/sync')) throw new TypeError('gone');
    if (headers.Authorization !== `Bearer a${told.life}`) return Response.json({ code: 'unauthorised' }, { status: 401 });
    told.syncs++;
    const { operations } = JSON.parse(body!) as { operations: { id: string }[] };
    return Response.json({ cursor: 'c1', server_time: AT, operations: operations.map(({ id }) => ({ id, outcome: 'done', problem: null, answer: null })), changes, offer_again: false, missing: [] });
  });
  return told;
}

/** `minutes` later. After eleven everything is asked for, also on a full phone. */
let now = Date.parse(AT);
async function aRound(minutes = 11): Promise<void> {
  vi.setSystemTime((now += minutes * 60_000));
  await run();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const store = await db();
  for (const name of ['cache', 'outbox', 'received', 'requests', 'images', 'texts'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  Object.assign(full, { said: false, at: 0 });
  vi.stubGlobal('navigator', Object.assign(navigator, { locks: undefined }));
  await loadPerson();
});
afterEach(() => {
  vi.mocked(IDBObjectStore.prototype.put).mockRestore?.();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the session', () => {
  test('makes room for its new tokens', async () => {
    const store = await db();
    await store.put('images', { id: 'moon', type: 'image/png', bytes: new ArrayBuffer(3) });
    let cleared = false;
    const clear = vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(function (this: IDBObjectStore) {
      cleared = true;
      clear.mockRestore();
      return this.clear();
    });
    noRoom((_store, key) => key === 'session' && !cleared);
    server();
    await aRound();
    expect((await readSession(store))?.refresh_token).not.toBe('r0');
  });

  test('goes on with tokens that found no room, and writes them when there is some', async () => {
    const store = await db();
    noRoom((_store, key) => key === 'session');
    const told = server();
    for (let n = 0; n < 3; n++) await aRound();
    expect(told.refused).toBe(0);
    expect(told.syncs).toBeGreaterThan(2);
    expect([session.current?.over, session.current?.refresh_token]).toEqual([null, `r${told.life}`]);
    expect((await readSession(store))?.refresh_token).toBe('r0');
    vi.mocked(IDBObjectStore.prototype.put).mockRestore();
    await aRound();
    expect((await readSession(store))?.refresh_token).toBe(`r${told.life}`);
  });
});

test('with the phone’s own store in the way, a request for contact still goes by its key', async () => {
  await keep(await db(), request);
  const told = server();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no', 'UnknownError');
  });
  await aRound();
  expect(told.byKey).toBe(1);
});

test('what arrived is received though nothing of the news fits, and no server is said to be away', async () => {
  const store = await db();
  await put(store, 'requests', { id: ID, client_id: 'jo', body: request.body as never, answer: null, by_key: null, heard_at: null });
  for (const one of [request, checkIn]) await keep(store, one);
  const told = server({ items: { check_ins_per_week: 3, items: [] }, cover: { watched_now: true } });
  noRoom((name, _key, row) => name === 'requests' || (name === 'cache' && row.name !== 'sync'));
  await aRound();
  expect((await ids(store, 'received', 'jo')).sort()).toEqual([ID, 'c']);
  expect(await mine(store, 'jo')).toEqual([]);
  expect([sync.away, sync.asOf, told.byKey]).toEqual([false, null, 0]);

  // What did not fit comes once more, as it stays in doubt, but not at once: it costs its person data.
  vi.mocked(IDBObjectStore.prototype.put).mockRestore();
  await aRound(2);
  expect(items.data).toBeNull();
  await aRound();
  expect(items.data?.check_ins_per_week).toBe(3);
  expect((await get(store, 'cache', ['jo', 'sync']))?.data).toMatchObject({ cursor: 'c1' });
});

test('what arrived makes room for being received: the second copy of a photo goes first, then what comes again by itself', async () => {
  const store = await db();
  const { state: _state, reason: _reason, ...taken } = checkIn;
  for (const [id, note] of [['photo', 'x'.repeat(60_000)], ['small', 'y']] as const) await put(store, 'received', { ...taken, state: 'waiting', reason: null, id, received_at: AT, body: { note } } as never);
  await store.put('images', { id: 'moon', type: 'image/png', bytes: new ArrayBuffer(3) });
  await keep(store, checkIn);
  server();
  let gone = false;
  noRoom((name, _key, row) => name === 'received' && row.id === 'c' && !gone);
  const remove = IDBObjectStore.prototype.delete;
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
    gone ||= key === 'photo';
    return remove.call(this, key);
  });
  await aRound();
  vi.mocked(IDBObjectStore.prototype.delete).mockRestore();
  expect((await ids(store, 'received', 'jo')).sort()).toEqual(['c', 'small']);
  expect(await store.count('images')).toBe(1);
});
