import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { uuidv7 } from '../../shared/uuid';
import { open, type Cached, type Db, type Received } from './db';
import { forgetReceived, wipe } from './forgetting';
import { keysIn } from './keys';
import { writeSession } from './own';
import type { Entry } from './outbox';
import { all, change, get, ids, put, remembered, remove } from './rows';
import type { StoredSession } from './stored';

const JO = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null } satisfies StoredSession;
const row = (name: string, data: unknown, client_id = 'jo'): Cached => ({ client_id, name, data, etag: null, at: '2026-11-21T21:00:00Z' });
const entry = (id: string, kind: 'check_in' | 'contact_request' = 'check_in') =>
  ({ id, client_id: 'jo', kind, target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { note: id } }) as unknown as Entry;

let name: string;
let db: Db;
beforeEach(async () => {
  name = `rows-${uuidv7()}`;
  db = await open(name);
});
afterEach(() => vi.restoreAllMocks());

describe('a row', () => {
  test('comes back as it went in, also after a restart, and with its bytes', async () => {
    await put(db, 'cache', row('me', { words: 'Ŵyneb ☂ – "quoted"', none: null }));
    await put(db, 'photos', { id: 'p', client_id: 'jo', type: 'image/png', bytes: new Uint8Array([0, 255, 7]).buffer });
    db.close();
    const again = await open(name);
    expect((await get(again, 'cache', ['jo', 'me']))?.data).toEqual({ words: 'Ŵyneb ☂ – "quoted"', none: null });
    expect([...new Uint8Array((await get(again, 'photos', 'p'))!.bytes)]).toEqual([0, 255, 7]);
  });

  test('is never sealed twice alike, and its key cannot be taken out of the browser', async () => {
    await put(db, 'cache', row('me', 1));
    const first = (await db.get('cache', ['jo', 'me']))!;
    await put(db, 'cache', row('me', 1));
    const second = (await db.get('cache', ['jo', 'me']))!;
    expect(String(first.nonce)).not.toBe(String(second.nonce));
    const keys = (await keysIn(db, 'jo'))!;
    for (const key of [keys.data!, keys.device]) await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  test('of another person is not changed in this one’s name', async () => {
    await put(db, 'outbox', { ...entry('a'), client_id: 'alex' });
    await change(db, 'jo', async (turn) => expect(await turn.get('outbox', 'a')).toBeUndefined());
    await expect(change(db, 'jo', (turn) => turn.put('cache', row('me', 1, 'alex')))).rejects.toThrow('one person');
  });
});

describe('one that does not open', () => {
  test.each(['changed by one bit', 'moved to another key', 'given to another person', 'cut off'])('(%s) is put aside and stands in nobody’s way', async (how) => {
    for (const id of ['a', 'b', 'c']) await put(db, 'outbox', entry(id));
    await put(db, 'cache', row('me', 1, 'alex'));
    const broken = (await db.get('outbox', 'b'))!;
    const bytes = new Uint8Array(broken.box.slice(0));
    bytes[9]! ^= 1;
    if (how.startsWith('changed')) await db.put('outbox', { ...broken, box: bytes.buffer });
    if (how.startsWith('moved')) await db.put('outbox', { ...(await db.get('outbox', 'a'))!, id: 'b' });
    if (how.startsWith('given')) await db.put('outbox', { ...broken, client_id: 'alex' });
    if (how.startsWith('cut')) await db.put('outbox', { ...broken, box: broken.box.slice(0, 5) });
    const whose = how.startsWith('given') ? 'alex' : 'jo';
    expect((await all(db, 'outbox', 'jo')).map((one) => one.id)).toEqual(['a', 'c']);
    expect(await all(db, 'outbox', 'alex')).toEqual([]);
    expect(await ids(db, 'outbox', whose)).not.toContain('b');
    expect(await db.getAllFromIndex('unreadable', 'client', whose)).toMatchObject([{ store: 'outbox', key: 'b' }]);
    await put(db, 'outbox', entry('b'));
    expect(await all(db, 'outbox', 'jo')).toHaveLength(3);
  });
});

test('all that is remembered is as it was at one moment: what is written meanwhile comes after it', async () => {
  await put(db, 'cache', row('me', 'before'));
  await put(db, 'cache', row('plan', 'before'));
  const order: string[] = [];
  const read = remembered(db, 'jo').then((rows) => (order.push('read'), rows));
  const written = put(db, 'cache', row('me', 'after')).then(() => order.push('written'));
  expect([...(await read).values()].map(({ data }) => data)).toEqual(['before', 'before']);
  await written;
  expect(order).toEqual(['read', 'written']);
  expect((await remembered(db, 'jo')).get('me')?.data).toBe('after');
  expect((await remembered(db, 'alex')).size).toBe(0);
});

describe('two tabs', () => {
  test('never lose each other’s change', async () => {
    const other = await open(name);
    const [mine, theirs] = [await import('./rows'), (vi.resetModules(), await import('./rows'))];
    expect(mine).not.toBe(theirs);
    await put(db, 'cache', row('count', 0));
    const add = (rows: typeof mine, at: Db) =>
      rows.change(at, 'jo', async (turn) => {
        const before = (await turn.get('cache', ['jo', 'count']))!;
        turn.put('cache', { ...before, data: (before.data as number) + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? add(mine, db) : add(theirs, other))));
    expect((await get(db, 'cache', ['jo', 'count']))?.data).toBe(20);
  });

  test('do not write because of a list that is no longer so', async () => {
    const other = await open(name);
    const theirs = (vi.resetModules(), await import('./rows'));
    let met = false;
    await change(db, 'jo', async (turn) => {
      const all = await turn.all('outbox');
      if (!met) await theirs.put(other, 'outbox', entry('late'));
      met = true;
      turn.put('cache', row('seen', all.map((one) => one.id)));
    });
    expect((await get(db, 'cache', ['jo', 'seen']))?.data).toEqual(['late']);
  });

  test('that make the first key at once end with the same', async () => {
    const other = await open(name);
    const theirs = (vi.resetModules(), await import('./rows'));
    await Promise.all([put(db, 'outbox', entry('a')), theirs.put(other, 'outbox', entry('b'))]);
    expect((await all(db, 'outbox', 'jo')).map((one) => one.id)).toEqual(['a', 'b']);
  });
});

describe('in one tab', () => {
  test('what is written, taken away and read comes in the order it was asked for', async () => {
    const large = 'x'.repeat(2_000_000);
    void put(db, 'cache', row('draft', large));
    void put(db, 'cache', row('draft', 'newer'));
    expect((await get(db, 'cache', ['jo', 'draft']))?.data).toBe('newer');
    void put(db, 'cache', row('draft', large));
    void remove(db, 'cache', ['jo', 'draft']);
    expect(await get(db, 'cache', ['jo', 'draft'])).toBeUndefined();
  });

  test('a turn sees what it has done itself', async () => {
    await put(db, 'outbox', entry('a'));
    await change(db, 'jo', async (turn) => {
      turn.delete('outbox', 'a');
      turn.put('outbox', entry('b'));
      expect(await turn.get('outbox', 'a')).toBeUndefined();
      expect((await turn.all('outbox')).map((one) => one.id)).toEqual(['b']);
    });
  });

  test('one that fails undoes all of itself, and the next goes on', async () => {
    await expect(change(db, 'jo', (turn) => {
      turn.put('outbox', entry('a'));
      turn.also(['texts'], () => Promise.reject(new Error('in the middle')));
    })).rejects.toThrow('in the middle');
    expect(await all(db, 'outbox', 'jo')).toEqual([]);
    await put(db, 'outbox', entry('b'));
    expect(await all(db, 'outbox', 'jo')).toHaveLength(1);
  });
});

describe('a phone that is full', () => {
  /** Refuses to store anything in these, until there is room. */
  function full(until: () => boolean) {
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (this.name === 'outbox' && !until()) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, args);
    });
  }

  test('lets go of pictures, then of texts, for what a person asks for, and says so if that is not enough', async () => {
    await db.put('images', { id: 'moon', type: 'image/png', bytes: new ArrayBuffer(3) });
    await db.put('texts', { hash: 'h', text: {} as never });
    let cleared = 0;
    const clear = IDBObjectStore.prototype.clear;
    vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(function (this: IDBObjectStore) {
      cleared++;
      return clear.call(this);
    });
    let need = 1;
    full(() => cleared >= need);
    await put(db, 'outbox', entry('a', 'contact_request'), { mustFit: true });
    expect([await db.count('images'), await db.count('texts')]).toEqual([0, 1]);
    need = 2;
    await put(db, 'outbox', entry('b'), { mustFit: true });
    expect(await db.count('texts')).toBe(0);
    await db.put('texts', { hash: 'h', text: {} as never });
    need = 4;
    await expect(put(db, 'outbox', entry('c'), { mustFit: true })).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect((await all(db, 'outbox', 'jo')).map((one) => one.id)).toEqual(['a', 'b']);
  });

  test('lets go of nothing for what comes again by itself', async () => {
    await db.put('images', { id: 'moon', type: 'image/png', bytes: new ArrayBuffer(3) });
    full(() => false);
    await expect(put(db, 'outbox', entry('a'))).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(await db.count('images')).toBe(1);
  });
});

test('what was received goes when it is old, unopened', async () => {
  for (const [id, received_at] of [['old', '2026-10-01T00:00:00Z'], ['new', '2026-11-21T00:00:00Z']] as const) await put(db, 'received', { ...entry(id), received_at } as Received);
  await forgetReceived(db, '2026-10-22T00:00:00Z');
  expect((await all(db, 'received', 'jo')).map((one) => one.id)).toEqual(['new']);
});

test('wiping takes everything of one person with their keys, and nothing of another; what comes late makes no new key', async () => {
  await writeSession(db, JO);
  await put(db, 'outbox', entry('a'));
  await put(db, 'cache', row('me', 1, 'alex'));
  await wipe(db, 'jo');
  expect(await put(db, 'cache', row('me', 1), { joined: true })).toBe(false);
  expect(await keysIn(db, 'jo')).toBeUndefined();
  expect(await db.getAllKeys('kept')).toEqual([]);
  expect(await ids(db, 'outbox', 'jo')).toEqual([]);
  expect(await all(db, 'cache', 'alex')).toHaveLength(1);
});
