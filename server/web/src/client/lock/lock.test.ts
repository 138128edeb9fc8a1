import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContactByKey } from '../../shared/wire';
import { db, type Cached, type Db } from '../store/db';
import { wipe } from '../store/forgetting';
import { dropKeys, keysIn, Locked } from '../store/keys';
import { keep, mine, type Entry } from '../store/outbox';
import { read } from '../store/outbox/disk';
import { contactKey, readSession, writeSession } from '../store/own';
import { all, get, put } from '../store/rows';
import { loadSession, session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';
import { asked, askWhileLocked, loadAsked } from './asked.svelte';
import { round } from './sending';
import { turnOff, turnOn } from './turning';
import { open, unlockWithPin, waitAfter, waitUntil } from './unlocking';
import { keyFromPin, newSalt } from './wrap';

const CANARY = 'heron-in-the-rain';
const JO: StoredSession = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'key', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null };
const row = (name: string, data: unknown): Cached => ({ client_id: 'jo', name, data, etag: null, at: '2026-11-21T21:00:00Z' });
const entry = (id: string, kind: 'check_in' | 'contact_request' = 'check_in') =>
  ({ id, client_id: 'jo', kind, target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { requested_at: '2026-11-21T21:00:00Z', when: 'now', how: 'call', message: CANARY } }) as unknown as Entry;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const FEW = { kind: 'pin', iterations: 10 } as const; // the number is the browser's work, not ours

let store: Db;
beforeEach(async () => {
  store = await db();
  await wipe(store, 'jo');
  await writeSession(store, JO);
  await loadSession();
});
afterEach(() => vi.restoreAllMocks());

async function lock(pin = 'blue7bird'): Promise<void> {
  const wrap = { ...FEW, salt: newSalt() };
  await turnOn(store, 'jo', wrap, await keyFromPin(pin, wrap), 1);
}
function noRoom(): void {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
}
/** As a page that is loaded anew. */
async function restart(): Promise<void> {
  dropKeys();
  await loadSession();
}

/** Everything that can be read in the database without a key that only a person has. */
async function readable(): Promise<string> {
  const keys = await keysIn(store, 'jo');
  const found: unknown[] = [keys];
  for (const name of [...store.objectStoreNames].filter((one) => one !== 'keys')) {
    for (const one of (await store.getAll(name)) as Record<string, unknown>[]) {
      found.push(one);
      for (const key of [keys?.data, keys?.device]) {
        if (!key || !one.box) continue;
        const where = { store: name, key: name === 'cache' ? [one.client_id, one.name] : (one.id ?? 'session'), client_id: one.client_id as string };
        const { unseal } = await import('../store/seal');
        found.push(await unseal(one as never, key, where).catch(() => null));
      }
    }
  }
  return JSON.stringify(found);
}

describe('with the lock on', () => {
  test('everything is sealed anew, with a key that is not on the phone', async () => {
    await put(store, 'cache', row('me', { words: CANARY }));
    await keep(store, entry('e1'));
    const before = (await keysIn(store, 'jo'))!;
    expect(await readable()).toContain(CANARY);
    await lock();
    const after = (await keysIn(store, 'jo'))!;
    expect([after.data, after.id === before.id]).toEqual([null, false]);
    expect(await readable()).not.toContain(CANARY);
    // This page still has it open; one that is loaded anew has not.
    expect((await mine(store, 'jo'))[0]?.id).toBe('e1');
    await restart();
    expect([session.locked, session.current, session.language]).toEqual([true, null, 'en']);
    await expect(mine(store, 'jo')).rejects.toBeInstanceOf(Locked);
    await expect(get(store, 'cache', ['jo', 'me'])).rejects.toBeInstanceOf(Locked);
    await expect(put(store, 'cache', row('me', 1))).rejects.toBeInstanceOf(Locked);
    expect(await store.count('unreadable')).toBe(0);
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
    await loadSession();
    expect([session.locked, session.current]).toEqual([false, JO]);
    expect((await get(store, 'cache', ['jo', 'me']))?.data).toEqual({ words: CANARY });
  });

  test('turning it off makes a new key again, and loses nothing', async () => {
    await keep(store, entry('e1'));
    await lock();
    const locked = (await keysIn(store, 'jo'))!;
    await turnOff(store, 'jo');
    await restart();
    expect(session.current).toEqual(JO);
    expect((await keysIn(store, 'jo'))!.id).not.toBe(locked.id);
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['e1']);
  });

  test('killed at any step of turning it on or off, all of it has happened or nothing', async () => {
    const original = IDBObjectStore.prototype.put;
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    for (let step = 0, over = false; !over; step++) {
      await wipe(store, 'jo');
      await writeSession(store, JO);
      for (const id of ['e1', 'e2']) await keep(store, entry(id));
      let left = step;
      const live = () => {
        if (left-- <= 0) throw new Error('killed');
      };
      vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => (live(), encrypt(...args)));
      vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
        live();
        return original.apply(this, args);
      });
      over = await lock().then(() => true, () => false);
      vi.restoreAllMocks();
      dropKeys();
      if (over) expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
      else expect((await keysIn(store, 'jo'))?.lock).toBeNull();
      expect((await mine(store, 'jo')).map((one) => one.id), `step ${step}`).toEqual(['e1', 'e2']);
      expect(await readSession(store)).toEqual(JO);
    }
  });

  test('what another tab writes while it is being turned on is in it too', async () => {
    let wrote = false;
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    await keep(store, entry('e1'));
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => {
      if (!wrote) {
        wrote = true;
        await keep(store, entry('late'));
      }
      return encrypt(...args);
    });
    await lock();
    await restart();
    await unlockWithPin(store, 'jo', 'blue7bird', NOW);
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['e1', 'late']);
  });

  test('a row that does not open keeps nobody from turning it on', async () => {
    for (const id of ['e1', 'e2']) await keep(store, entry(id));
    await store.put('outbox', { ...(await store.get('outbox', 'e1'))!, box: new ArrayBuffer(40) });
    await lock();
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['e2']);
    expect(await store.count('unreadable')).toBe(1);
  });
});

describe('a wrong PIN', () => {
  test('waits longer each time, over restarts and with the right one too, and deletes nothing', async () => {
    await keep(store, entry('e1'));
    await lock();
    await restart();
    let now = NOW;
    const outcomes: unknown[] = [];
    for (let n = 1; n <= 10; n++) {
      const outcome = await unlockWithPin(store, 'jo', 'wrong', now);
      outcomes.push(outcome === 'wrong' ? 0 : typeof outcome === 'object' ? (outcome.wait - now) / 60_000 : outcome);
      if (typeof outcome === 'object') {
        await restart();
        expect(await waitUntil(store, 'jo', now)).toBe(outcome.wait);
        expect(await unlockWithPin(store, 'jo', 'blue7bird', outcome.wait - 1)).toEqual({ wait: outcome.wait });
        now = outcome.wait;
      }
    }
    expect(outcomes).toEqual([0, 0, 0.5, 1, 5, 15, 30, 60, 60, 60]);
    expect(await unlockWithPin(store, 'jo', 'blue7bird', now)).toBe('open');
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['e1']);
    expect(await store.get('kept', 'tries')).toBeUndefined();
  });

  test('is counted before it is tried, so closing the app saves nobody the wait', async () => {
    await lock();
    await restart();
    vi.spyOn(crypto.subtle, 'unwrapKey').mockImplementation(() => Promise.reject(new Error('killed')));
    for (let n = 0; n < 3; n++) await unlockWithPin(store, 'jo', 'blue7bird', NOW).catch(() => undefined);
    vi.restoreAllMocks();
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toEqual({ wait: NOW + waitAfter(3) });
  });

  test('with a clock put back for years waits no longer than the longest', async () => {
    await lock();
    await restart();
    for (let n = 0; n < 8; n++) await unlockWithPin(store, 'jo', 'wrong', NOW + n * 2 * 3_600_000);
    expect(await waitUntil(store, 'jo', NOW - 365 * 86_400_000)).toBeNull();
  });

  test('the same PIN typed on another keyboard is the same', async () => {
    await lock('caf\u00e9s');
    await restart();
    expect(await open(store, 'jo', await keyFromPin('cafe\u0301s', (await keysIn(store, 'jo'))!.lock as never))).toBe(true);
  });
});

describe('on a phone with no room for anything', () => {
  beforeEach(async () => {
    await keep(store, entry('e1'));
    await lock();
    await restart();
    await askWhileLocked('now', 'call', CANARY);
    noRoom();
  });

  test('the right PIN opens, and what was asked for while it was locked is there, now and when there is room', async () => {
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
    const there = async () => [(await mine(store, 'jo')).length, (await all(store, 'requests', 'jo')).map(({ body }) => body.message)];
    expect(await there()).toEqual([2, [CANARY]]);
    vi.restoreAllMocks();
    await restart();
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
    expect(await there()).toEqual([2, [CANARY]]);
    expect((await store.getAll('requests')).map(({ by }) => by)).toEqual([(await keysIn(store, 'jo'))!.id]);
  });

  test('wrong ones are counted all the same, as long as the page lives', async () => {
    const outcomes = [];
    for (let n = 0; n < 3; n++) outcomes.push(await unlockWithPin(store, 'jo', 'wrong', NOW));
    expect(outcomes).toEqual(['wrong', 'wrong', { wait: NOW + waitAfter(3) }]);
    expect(await waitUntil(store, 'jo', NOW)).toBe(NOW + waitAfter(3));
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toEqual({ wait: NOW + waitAfter(3) });
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW + waitAfter(3))).toBe('open');
  });

  test('a row that does not open keeps nobody from the others', async () => {
    vi.restoreAllMocks();
    await unlockWithPin(store, 'jo', 'blue7bird', NOW);
    await keep(store, entry('e2'));
    await store.put('outbox', { ...(await store.get('outbox', 'e1'))!, box: new ArrayBuffer(40) });
    noRoom();
    expect((await mine(store, 'jo')).map((one) => one.id)).toContain('e2');
    vi.restoreAllMocks();
  });
});

describe('asking for contact of a locked app', () => {
  const answer = (id: string, more: Partial<ContactByKey> = {}): ContactByKey =>
    ({ id, state: 'received', received_at: '2026-11-22T12:00:01Z', reached_at: null, seen_at: null, promised_by: null, promise_broken: false, done_at: null, cancelled_at: null, folded_into: null, ...more });

  test('is kept at once, goes by the contact key alone, also after a kill, shows no word, and is the person’s when it is opened', async () => {
    await keep(store, entry('before', 'contact_request'));
    await keep(store, entry('check-in'));
    await lock();
    await restart();
    expect(await contactKey(store, 'jo')).toBe('key');
    const id = await askWhileLocked('now', 'call', ` ${CANARY} `);
    expect(JSON.stringify(await store.getAll('outbox'))).not.toContain(CANARY);
    expect(JSON.stringify(asked)).not.toContain(CANARY);
    expect([asked.lines.map((one) => one.request.id), asked.before]).toEqual([[id], 1]);

    await restart();
    const sent: [string, string, string][] = [];
    vi.stubGlobal('fetch', async (url: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
      sent.push([url, headers.Authorization!, (JSON.parse(body) as { message: string }).message]);
      return Response.json(answer(url.split('/').at(-1)!));
    });
    await round();
    vi.unstubAllGlobals();
    expect(sent.slice(0, 2).sort()).toEqual([[`/api/v1/contact-requests/${id}`, 'Bearer key', CANARY], ['/api/v1/contact-requests/before', 'Bearer key', CANARY]]);
    expect(asked.lines[0]?.request.by_key?.state).toBe('received');
    expect(JSON.stringify(asked)).not.toContain(CANARY);

    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
    expect((await mine(store, 'jo')).map((one) => one.id)).toEqual(['check-in']);
    expect((await all(store, 'received', 'jo')).map((one) => one.id).sort()).toEqual([id, 'before'].sort());
    expect(await all(store, 'requests', 'jo')).toMatchObject([{ id, body: { message: CANARY }, by_key: { state: 'received' } }]);
    expect(await readable(), 'under the person’s own key now').not.toContain(CANARY);
  });

  test('what the server will not take is refused, once; what is not the server’s word is tried later; both are told', async () => {
    const page = () => new Response('<h1>Sign in to the hotel</h1>', { status: 413 });
    const no = () => Response.json({ code: 'conflict', detail: 'Another body.' }, { status: 409 });
    await keep(store, entry('before', 'contact_request'));
    await lock();
    await restart();
    const fetched = vi.fn(async (_url: string) => page());
    vi.stubGlobal('fetch', fetched);
    expect(await round()).toBe(false);
    expect([asked.before, asked.refused]).toEqual([1, 0]);
    fetched.mockImplementation(async () => no());
    expect(await round()).toBe(true);
    expect([asked.before, asked.refused]).toEqual([0, 1]);
    const tries = fetched.mock.calls.length;
    await round();
    vi.unstubAllGlobals();
    expect(fetched.mock.calls.length).toBe(tries);
  });

  test('a server in trouble with one request is left alone for longer each time', async () => {
    await keep(store, entry('before', 'contact_request'));
    await lock();
    await restart();
    const fetched = vi.fn(async (_url: string) => Response.json({ code: 'internal' }, { status: 500 }));
    vi.stubGlobal('fetch', fetched);
    await round();
    await round();
    vi.unstubAllGlobals();
    expect(fetched.mock.calls.length).toBe(1);
  });

  test('after it the server is offered what it had: nobody knows what it took last, before it is opened and after', async () => {
    await put(store, 'requests', { id: 'before', client_id: 'jo', body: { requested_at: '2026-11-22T11:59:00Z', when: 'now', how: 'call' }, answer: null, by_key: null, heard_at: null });
    await keep(store, entry('before', 'contact_request'));
    await put(store, 'cache', row('sync', { cursor: 'c1', last: 'older', last_at: '2026-11-22T11:00:00Z', offer: false }));
    await lock();
    await restart();
    vi.stubGlobal('fetch', async (url: string) => Response.json(answer(url.split('/').at(-1)!)));
    await round();
    vi.unstubAllGlobals();
    const unknown = { cursor: 'c1', last: null, last_at: null, offer: false };
    noRoom();
    await unlockWithPin(store, 'jo', 'blue7bird', NOW);
    vi.restoreAllMocks();
    expect((await read(store, 'jo')).book).toEqual({ ...unknown, doubts: {} });
    expect((await get(store, 'cache', ['jo', 'sync']))?.data).toMatchObject({ last: 'older' });
    expect(await unlockWithPin(store, 'jo', 'blue7bird', NOW)).toBe('open');
    expect((await get(store, 'cache', ['jo', 'sync']))?.data).toEqual(unknown);
    // And what was asked for before says that it was received.
    expect(await all(store, 'requests', 'jo')).toMatchObject([{ id: 'before', by_key: { state: 'received', received_at: '2026-11-22T12:00:01Z' } }]);
  });

  test('with no signal it waits, and a refusal for anything but a revocation deletes nothing', async () => {
    await lock();
    await restart();
    await askWhileLocked('now', 'call', CANARY);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
    await expect(round()).rejects.toMatchObject({ name: 'Unreachable' });
    vi.stubGlobal('fetch', async () => Response.json({ code: 'unauthorised', title: 'No.' }, { status: 401 }));
    await round();
    vi.unstubAllGlobals();
    await loadAsked();
    expect(asked.lines.map((one) => one.entry?.state)).toEqual(['waiting']);
  });
});

test('a change that was sealed with the key of before is sealed again with the new one', async () => {
  let turned = false;
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...args) => {
    const box = await encrypt(...args);
    if (!turned) {
      turned = true;
      await lock();
    }
    return box;
  });
  await put(store, 'cache', row('me', CANARY));
  expect((await store.get('cache', ['jo', 'me']))?.by).toBe((await keysIn(store, 'jo'))!.id);
  expect((await get(store, 'cache', ['jo', 'me']))?.data).toBe(CANARY);
  expect(await store.count('unreadable')).toBe(0);
});

test('with no signal, and the app not stored, what this page knew is let go of in its place: no page of the browser’s own stands there', async () => {
  const { lockNow } = await import('./lock.svelte');
  await lock();
  await loadSession();
  expect(session.current?.client_id).toBe('jo');
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')));
  lockNow();
  await vi.waitFor(() => expect([session.locked, session.current]).toEqual([true, null]));
  await expect(readSession(store)).rejects.toBeInstanceOf(Locked);
  await vi.waitFor(() => expect(document.documentElement.classList.contains('covered')).toBe(false));
  vi.unstubAllGlobals();
});

test.each(['fails', 'hangs'])('a store that %s keeps nobody from what stands in front of the lock', async (how) => {
  const { lockNow } = await import('./lock.svelte');
  await lock();
  await loadSession();
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => {
    if (how === 'fails') throw new DOMException('no', 'UnknownError');
    return Object.assign(Object.create(IDBRequest.prototype) as IDBRequest, { addEventListener: () => undefined });
  });
  lockNow();
  expect(document.documentElement.classList.contains('covered')).toBe(true);
  await vi.waitFor(() => expect(document.documentElement.classList.contains('covered')).toBe(false), 4_000);
  expect([session.locked, session.current, session.language]).toEqual([true, null, 'en']);
});

test('what is shown already, perhaps with a reminder in the person’s own words, is closed when the lock is turned on', async () => {
  let shown = 2;
  const close = () => shown--;
  vi.stubGlobal('navigator', Object.assign(navigator, { serviceWorker: { getRegistration: async () => ({ getNotifications: async () => [{ close }, { close }] }) } }));
  await lock();
  vi.stubGlobal('navigator', Object.assign(navigator, { serviceWorker: undefined }));
  expect(shown).toBe(0);
});
