import { beforeEach, describe, expect, test } from 'vitest';
import { turnOn } from '../client/lock/turning';
import { keyFromPin, newSalt } from '../client/lock/wrap';
import { db } from '../client/store/db';
import { wipe } from '../client/store/forgetting';
import { readSession, writeSession } from '../client/store/own';
import { put } from '../client/store/rows';
import type { Understood } from './payload';
import { changeSession, session } from './own';
import { whatThePhoneKnows } from './phone';
import { own } from './receipts';
import { asked } from './store';

const NOW = Date.parse('2026-11-22T21:00:30Z');
const PUSH: Understood = { id: 'd', r: 't', kind: 'reminder', n: 1, tag: '', t: 'A reminder', d: 'words', a: false };
const SESSION = { client_id: 'jo', access_token: '', refresh_token: '', expires_at: 0, contact_key: '', preferred_name: 'Jo', language: 'cy' as const, time_zone: 'Europe/London', over: null };
const CACHED = {
  reminders: [{ id: 'a', title: 'Tablets', state: 'on' }],
  occurrences: [{ id: '1', reminder_id: 'a', at: '2026-11-22T21:00:00Z', state: 'to_come', snoozed_until: null }],
};

beforeEach(async () => {
  const store = await db();
  for (const name of ['kept', 'cache'] as const) await store.clear(name);
  await own('client', 'readwrite', 'told', (told) => asked(told.clear()));
  await writeSession(store, SESSION);
  await put(store, 'cache', { client_id: 'jo', name: 'reminders', data: CACHED, etag: null, at: '2026-11-22T20:00:00Z' });
});

describe('what the phone knows of a push', () => {
  test('are the person’s own words, if they want them shown, once', async () => {
    expect(await whatThePhoneKnows(PUSH, NOW)).toEqual({ titles: ['Tablets'], language: 'cy' });
    expect((await whatThePhoneKnows(PUSH, NOW + 60_000)).titles).toEqual([]);
  });
  test('of several together, are also those that were told of before and are still open', async () => {
    const store = await db();
    const later = { ...CACHED.occurrences[0], id: '2', reminder_id: 'b', at: '2026-11-22T21:01:00Z' };
    const data = { reminders: [...CACHED.reminders, { id: 'b', title: 'Wind down', state: 'on' }], occurrences: [...CACHED.occurrences, later] };
    expect((await whatThePhoneKnows(PUSH, NOW - 10 * 60_000)).titles).toEqual([]);
    expect((await whatThePhoneKnows(PUSH, NOW)).titles).toEqual(['Tablets']);
    await put(store, 'cache', { client_id: 'jo', name: 'reminders', data, etag: null, at: '2026-11-22T20:00:00Z' });
    expect((await whatThePhoneKnows({ ...PUSH, n: 2 }, NOW + 60_000)).titles).toEqual(['Tablets', 'Wind down']);
    expect((await whatThePhoneKnows({ ...PUSH, n: 3 }, NOW + 60_000)).titles).toEqual([]);
  });
  test('is nothing while the app is locked, or is to look quiet', async () => {
    const store = await db();
    await store.put('kept', { language: null, discreet: true } as never, 'preferences');
    expect(await whatThePhoneKnows(PUSH, NOW)).toEqual({ titles: [], language: 'cy', quiet: true });
    await store.delete('kept', 'preferences');
    const wrap = { kind: 'pin', iterations: 10, salt: newSalt() } as const;
    await turnOn(store, 'jo', wrap, await keyFromPin('1234', wrap), 1);
    expect(await whatThePhoneKnows(PUSH, NOW)).toEqual({ titles: [], language: 'cy' });
    expect(await session('jo')).toBeNull();
    await wipe(store, 'jo');
  });
  test('a session that is renewed with no page open is sealed again, and the newest of two counts', async () => {
    await Promise.all([changeSession('jo', { access_token: 'new' }), changeSession('jo', { refresh_token: 'newer' })]);
    expect(await readSession(await db())).toMatchObject({ access_token: 'new', refresh_token: 'newer' });
    expect(JSON.stringify(await (await db()).get('kept', 'session'))).not.toContain('newer');
  });
  test('is nothing when they want neutral words, or the server counts otherwise', async () => {
    for (const push of [{ ...PUSH, d: 'neutral' }, { ...PUSH, kind: 'contact_news' }, { ...PUSH, n: 2 }, null] as const) expect((await whatThePhoneKnows(push, NOW)).titles).toEqual([]);
  });
  test('is nothing of somebody who signed out, was signed out, or is somebody else', async () => {
    const store = await db();
    await writeSession(store, { ...SESSION, over: 'ended' });
    expect((await whatThePhoneKnows(PUSH, NOW)).titles).toEqual([]);
    await writeSession(store, { ...SESSION, client_id: 'alex' });
    expect((await whatThePhoneKnows(PUSH, NOW)).titles).toEqual([]);
    await store.clear('kept');
    expect(await whatThePhoneKnows(PUSH, NOW)).toEqual({ titles: [], language: 'en' });
  });
});
