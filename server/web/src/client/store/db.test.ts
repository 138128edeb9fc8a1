import { openDB } from 'idb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { uuidv7 } from '../../shared/uuid';
import { open } from './db';
import { sealOlder } from './older';
import { mine } from './outbox';
import { readSession } from './own';
import { all, get } from './rows';

const CANARY = 'heron-in-the-rain';
const JO = { client_id: 'jo', access_token: CANARY, refresh_token: 'r', expires_at: 0, contact_key: CANARY, preferred_name: 'Jo', language: 'cy', time_zone: 'Europe/London', over: null };
const entry = (id: string) => ({ id, client_id: 'jo', kind: 'check_in', target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { note: `${CANARY} ${id}` } });

/** The store of an app of before anything was sealed, with somebody's things in it. */
async function older(name: string): Promise<void> {
  const old = await openDB(name, 2, {
    upgrade(db) {
      for (const store of ['kept', 'texts', 'images']) db.createObjectStore(store);
      for (const [store, keyPath] of [['cache', ['client_id', 'name']], ['outbox', 'id'], ['requests', 'id'], ['photos', 'id']] as const) {
        db.createObjectStore(store, { keyPath: keyPath as string }).createIndex('client', 'client_id');
      }
    },
  });
  await old.put('kept', { language: 'cy' }, 'preferences');
  await old.put('kept', JO, 'session');
  await old.put('cache', { client_id: 'jo', name: 'me', data: { a: CANARY } });
  for (const id of ['e1', 'e2']) await old.put('outbox', entry(id));
  await old.put('outbox', { ...entry('e3'), kind: 'contact_request' });
  await old.put('photos', { id: 'p', client_id: 'jo', type: 'image/jpeg', bytes: new TextEncoder().encode(CANARY).buffer });
  old.close();
}

/** All that lies in the database, as text, bytes as letters. */
async function lies(name: string): Promise<string> {
  const db = await openDB(name);
  const rows = await Promise.all([...db.objectStoreNames].map((store) => db.getAll(store)));
  db.close();
  return JSON.stringify(rows, (_key, value: unknown) => {
    const bytes = value instanceof ArrayBuffer || Object.prototype.toString.call(value) === '[object ArrayBuffer]' ? new Uint8Array(value as ArrayBuffer) : ArrayBuffer.isView(value) ? new Uint8Array(value.buffer) : null;
    return bytes ? String.fromCharCode(...bytes) : value;
  });
}

afterEach(() => vi.restoreAllMocks());

test('an older store is widened and loses nothing, and nothing of a person can be read in it any more', async () => {
  await older('older');
  expect(await lies('older')).toContain(CANARY);
  const now = await open('older');
  await sealOlder(now);
  expect(await now.get('kept', 'preferences')).toEqual({ language: 'cy' });
  expect((await get(now, 'cache', ['jo', 'me']))?.data).toEqual({ a: CANARY });
  expect((await mine(now, 'jo')).map(({ id, body }) => [id, (body as { note: string }).note])).toEqual([['e1', `${CANARY} e1`], ['e2', `${CANARY} e2`], ['e3', `${CANARY} e3`]]);
  expect(await readSession(now)).toEqual(JO);
  expect(new TextDecoder().decode((await get(now, 'photos', 'p'))?.bytes)).toBe(CANARY);
  expect([...now.objectStoreNames].sort()).toEqual(['cache', 'images', 'kept', 'keys', 'outbox', 'photos', 'received', 'requests', 'texts', 'unreadable']);
  now.close();
  expect(await lies('older')).not.toContain(CANARY);
});

test('killed at any step of it, everything is there once, and the next start goes on', async () => {
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const put = IDBObjectStore.prototype.put;
  const killed = new Error('killed');
  for (let step = 0, over = false; !over; step++) {
    const name = `killed-${uuidv7()}`;
    await older(name);
    let left = step;
    const live = () => {
      if (left-- <= 0) throw killed;
    };
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => (live(), encrypt(...args)));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      live();
      return put.apply(this, args);
    });
    const first = await open(name);
    const end = await sealOlder(first).catch((error: unknown) => error);
    over = end === undefined;
    vi.restoreAllMocks();
    expect([undefined, killed], String(end)).toContain(end);
    // Before the next start finishes, and after it.
    for (let twice = 0; twice < 2; twice++) {
      expect((await mine(first, 'jo')).map((one) => one.id), `step ${step}`).toEqual(['e1', 'e2', 'e3']);
      expect((await readSession(first))?.contact_key).toBe(CANARY);
      await sealOlder(first);
    }
    expect(await all(first, 'photos', 'jo')).toHaveLength(1);
    first.close();
    expect(await lies(name), `step ${step}`).not.toContain(CANARY);
  }
});

describe('an update, while its rows are sealed', () => {
  /** As a page that is loaded anew. */
  const start = async () => (vi.resetModules(), import('./db'));

  test('keeps nobody from their crisis lines: the store answers at once', async () => {
    await older('companion');
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(() => new Promise(() => undefined));
    const { db } = await start();
    const store = await db();
    expect(await store.get('kept', 'preferences')).toEqual({ language: 'cy' });
    expect((await readSession(store))?.preferred_name).toBe('Jo');
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['e1', 'e2', 'e3']);
    store.close();
  });

  test('on a full phone seals what fits, loses nothing, and goes on at the next start', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (['outbox', 'sealed'].includes(this.name)) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    });
    const first = await (await start()).db();
    await vi.waitFor(() => expect(warned).toHaveBeenCalled());
    expect((await mine(first, 'jo')).map((one) => one.id)).toEqual(['e1', 'e2', 'e3']);
    // Beside everything else: it may come a moment after the first warning.
    await vi.waitFor(async () => expect('box' in (await first.get('photos', 'p'))!).toBe(true));
    expect(await first.get('kept', 'sealed')).toBeUndefined();
    first.close();
    vi.restoreAllMocks();
    const second = await (await start()).db();
    await vi.waitFor(async () => expect(await second.get('kept', 'sealed')).toBeDefined());
    expect((await mine(second, 'jo')).map((one) => one.id)).toEqual(['e1', 'e2', 'e3']);
    second.close();
    expect(await lies('companion')).not.toContain(CANARY);
  });
});
