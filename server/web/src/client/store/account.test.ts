import { mount } from 'svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '../../shared/api';
import { db } from './db';
import { wipe } from './forgetting';
import { join } from './joining';
import { signOut, toldAndRead, toldHere, unopenedHere, wouldBeLost } from './leaving';
import { keep, type Entry } from './outbox';
import { readSession, writeSession } from './own';
import { prefer, preferences } from './preferences.svelte';
import { get, ids, put, remember } from './rows';
import { heedRevocation, sendByKey } from './sender';
import { apiFor, session } from './session.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: 'ended',
};
const row = (client_id: string) => ({ client_id, name: 'me', data: {}, etag: null, at: '2026-11-21T21:00:00Z' });

test('signing out leaves nothing of the person, keeps the crisis lines, and takes in nothing that comes late', async () => {
  const store = await db();
  await writeSession(store, JO);
  await store.put('kept', { data: { crisis_lines: [] } as never, etag: null }, 'provider');
  session.current = JO;
  expect(await remember(store, row('jo'))).toBe(true);
  expect(await remember(store, row('alex'))).toBe(false);

  await signOut();
  expect(session.current).toBeNull();
  expect(await store.getAll('cache')).toEqual([]);
  expect(await store.getAllKeys('kept')).toEqual(['provider', 'sealed']);
  expect(await remember(store, row('jo'))).toBe(false);
});

test('how the app suited them in front of their lock goes with them; what was chosen on this phone stays', async () => {
  const store = await db();
  await writeSession(store, JO);
  session.current = JO;
  await prefer({ discreet: true, at_lock: { easy: true, text_size: 'usual', read_aloud: true, text_first: true } });
  await signOut();
  expect([preferences.at_lock, await store.get('kept', 'preferences')]).toMatchObject([null, { at_lock: null, discreet: true }]);
  await store.delete('kept', 'preferences');
});

describe('of 401s', () => {
  /** A server that says this to whoever wants new tokens, and to the contact key. */
  const saying = (code: string) => vi.stubGlobal('fetch', async () => Response.json({ code, title: 'No.' }, { status: 401 }));
  const things = async () => {
    const store = await db();
    await writeSession(store, { ...JO, over: null });
    session.current = { ...JO, over: null };
    await remember(store, row('jo'));
    for (const [id, kind] of [['a', 'check_in'], ['b', 'contact_request'], ['c', 'check_in']] as const) {
      await keep(store, { id, client_id: 'jo', kind, target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { note: 'private words' } } as unknown as Entry);
    }
    await remember(store, { ...row('jo'), name: 'draft' });
    return store;
  };
  afterEach(() => vi.unstubAllGlobals());

  test.each(['session_ended', 'unauthorised', 'unknown'])('%s deletes nothing', async (code) => {
    const store = await things();
    saying(code);
    await expect(apiFor('jo').get('/me')).rejects.toBeInstanceOf(Problem);
    await expect(sendByKey({ id: 'b', client_id: 'jo', body: { requested_at: '', when: 'now', how: 'call' } })).rejects.toBeInstanceOf(Problem);
    expect(await ids(store, 'outbox', 'jo')).toEqual(['a', 'b', 'c']);
    expect(await get(store, 'cache', ['jo', 'me'])).toBeDefined();
    expect((await readSession(store))?.client_id).toBe('jo');
  });

  test.each([1, 9])('a revocation wipes a phone that is full, and tells if there is room then (no room %i times)', async (times) => {
    const store = await things();
    saying('device_revoked');
    const room = IDBObjectStore.prototype.put;
    let tries = 0;
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, row, key) {
      if (key === 'lost' && tries++ < times) throw new DOMException('full', 'QuotaExceededError');
      return room.call(this, row, key as IDBValidKey);
    });
    await apiFor('jo').get('/me').catch(() => undefined);
    put.mockRestore();
    expect([await store.count('outbox'), await store.get('kept', 'session'), session.current]).toEqual([0, undefined, null]);
    expect((await toldHere())?.lost).toEqual(times === 1 ? { check_in: 2, contact: 1, begun: 1 } : undefined);
    await toldAndRead();
  });

  test('what another tab saves while the phone is being wiped is counted too', async () => {
    const store = await things();
    saying('device_revoked');
    const { push } = await import('../push/push.svelte');
    const leave = vi.spyOn(push, 'leave').mockImplementation(async () => {
      await keep(store, { id: 'late', client_id: 'jo', kind: 'contact_request', target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: {} } as unknown as Entry);
    });
    await apiFor('jo').get('/me').catch(() => undefined);
    leave.mockRestore();
    expect([await store.count('outbox'), (await toldHere())?.lost.contact]).toEqual([0, 2]);
    await toldAndRead();
  });

  test('the page of a proxy says nothing about the key: asking for contact goes on, and the button stays', async () => {
    const store = await things();
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 401 }));
    await expect(apiFor('jo').get('/me')).rejects.toBeInstanceOf(Problem);
    await expect(sendByKey({ id: 'b', client_id: 'jo', body: { requested_at: '', when: 'now', how: 'call' } })).rejects.toBeInstanceOf(Problem);
    expect([session.current?.over, (await readSession(store))?.over]).toEqual([null, null]);
  });

  test('a key that our server has refused is tried seldom, and is good again when the server takes it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const store = await things();
    const ask = () => sendByKey({ id: 'b', client_id: 'jo', body: { requested_at: '', when: 'now', how: 'call' } }).catch((error: Error) => error.name);
    saying('unauthorised');
    expect([await ask(), session.current?.over]).toEqual(['Problem', 'revoked']);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect([await ask(), await ask()]).toEqual(['Problem', 'Unreachable']);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    vi.stubGlobal('fetch', async () => Response.json({ id: 'b', state: 'received', received_at: '2026-11-21T21:00:00Z', folded_into: null }));
    expect(await ask()).toBe('2026-11-21T21:00:00Z');
    expect((await readSession(store))?.over).toBe('ended');
    vi.useRealTimers();
  });

  test('a session that is over hears of a revocation still, and of nothing else', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const store = await things();
    await writeSession(store, JO);
    session.current = JO;
    saying('session_ended');
    await heedRevocation('jo');
    expect([session.current?.over, await store.count('outbox')]).toEqual(['ended', 3]);
    saying('device_revoked');
    await heedRevocation('jo');
    expect(await store.count('outbox'), 'not asked each time').toBe(3);
    vi.setSystemTime(Date.now() + 61 * 60_000);
    await heedRevocation('jo');
    vi.useRealTimers();
    expect([await store.count('outbox'), session.current]).toEqual([0, null]);
    await toldAndRead();
  });

  test.each(['by the session', 'by the contact key'])('device_revoked, heard %s, deletes everything of theirs, and tells what was lost until it was read, without a word of it', async (how) => {
    const store = await things();
    await store.put('kept', { data: { crisis_lines: [] } as never, etag: null }, 'provider');
    saying('device_revoked');
    if (how === 'by the session') await apiFor('jo').get('/me').catch(() => undefined);
    else await sendByKey({ id: 'b', client_id: 'jo', body: { requested_at: '', when: 'now', how: 'call' } }).catch(() => undefined);
    for (const name of ['cache', 'outbox', 'requests', 'received', 'photos', 'keys', 'unreadable'] as const) expect(await store.count(name), name).toBe(0);
    expect(await store.getAllKeys('kept')).toEqual(['lost', 'provider', 'sealed']);
    expect(session.current).toBeNull();
    for (const look of ['first', 'after a reload']) expect((await toldHere())?.lost, look).toEqual({ check_in: 2, contact: 1, begun: 1 });
    await toldAndRead();
    expect(await toldHere()).toBeNull();
  });
});

test('when another person joins, what was received and what could not be opened goes with the rest of who was here before; what they had not sent stays', async () => {
  const store = await db();
  await writeSession(store, JO);
  session.current = JO;
  const entry = { client_id: 'jo', kind: 'check_in', target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { note: 'private words' } } as unknown as Entry;
  for (const id of ['u1', 'u2']) await keep(store, { ...entry, id });
  await put(store, 'received', { ...entry, id: 'had', received_at: '2026-11-21T21:00:00Z' });
  await remember(store, row('jo'));
  await store.put('cache', { ...(await store.get('cache', ['jo', 'me']))!, box: new ArrayBuffer(40) });
  expect(await get(store, 'cache', ['jo', 'me'])).toBeUndefined();
  expect(await store.count('unreadable')).toBe(1);
  vi.stubGlobal('fetch', async () => Response.json({ access_token: 'a', refresh_token: 'r', expires_in: 600, contact_key: 'k', client: { id: 'alex', preferred_name: 'Alex', language: 'en', time_zone: 'Europe/London' } }));
  await join('ABCDEFGHJ', 'Phone');
  vi.unstubAllGlobals();
  expect(await Promise.all((['received', 'unreadable', 'cache'] as const).map((name) => store.count(name)))).toEqual([0, 0, 0]);
  expect(await ids(store, 'outbox', 'jo')).toEqual(['u1', 'u2']);
});

test('what was to be sent and cannot be opened any more is told by kind, while it is there and before it is lost', async () => {
  const store = await db();
  await wipe(store, 'jo');
  await writeSession(store, JO);
  session.current = JO;
  for (const kind of ['check_in', 'contact_request'] as const) {
    await keep(store, { id: kind, client_id: 'jo', kind, target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: { note: 'private words' } } as unknown as Entry);
  }
  await store.put('outbox', { ...(await store.get('outbox', 'check_in'))!, box: new ArrayBuffer(40) });
  expect(await get(store, 'outbox', 'check_in')).toBeUndefined();
  expect(await unopenedHere(store, 'jo')).toEqual(['check_in']);
  expect(await wouldBeLost(store, 'jo')).toEqual({ contact: 1, check_in: 1 });
  const { default: NotSent } = await import('../sending/NotSent.svelte');
  mount(NotSent, { target: document.body });
  await vi.waitFor(() => expect(document.body.textContent).toContain('Cannot be opened on this phone'));
  expect(document.body.textContent).toContain('A check-in');
  expect(document.body.textContent).not.toContain('Nothing is waiting');
});
