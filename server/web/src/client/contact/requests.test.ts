import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ContactRequest } from '../../shared/wire';
import { db, type KnownRequest } from '../store/db';
import { writeSession } from '../store/own';
import { get, put } from '../store/rows';
import { session } from '../store/session.svelte';
import { heard, heardByKey, takeRequests } from './requests.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
// The phone is an hour and ten minutes behind the server.
const asked = '2026-11-21T19:53:00Z';
const known = (id: string, more: Partial<KnownRequest> = {}): KnownRequest => ({
  id, client_id: 'jo', body: { requested_at: asked, when: 'now', how: 'call' }, answer: null, by_key: null, heard_at: null, ...more,
});
const answer = (id: string, more: Partial<ContactRequest> = {}): ContactRequest => ({
  id, requested_at: asked, received_at: '2026-11-21T21:04:00Z', when: 'now', urgency: 'now', how: 'call', message: null, state: 'received', folded_into: null, reached_at: null,
  seen_at: null, seen_by: null, promise: null, promise_broken: false, attempts: [], done_at: null, done_by: null, cancelled_at: null, additions: [], phone: null, handed_to: null, ...more,
});
const at = (time: string) => vi.setSystemTime(`2026-11-21T${time}:00Z`);
const since = async (id: string) => (await get(await db(), 'requests', id))?.waits_since?.slice(11, 16);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const store = await db();
  await store.clear('requests');
  await writeSession(store, JO);
  session.current = JO;
  await put(store, 'requests', known('a'));
});
afterEach(() => vi.useRealTimers());

test('since when the provider has it is the first answer, by this phone’s clock', async () => {
  at('19:54');
  await heard('jo', answer('a'));
  at('19:58');
  await heard('jo', answer('a', { state: 'reached', reached_at: '2026-11-21T21:05:00Z' }));
  expect(await since('a')).toBe('19:54');
});

test('a tap that joined what somebody had makes that wait anew, with a session or with the key alone', async () => {
  at('19:54');
  await heard('jo', answer('a', { state: 'seen', reached_at: asked, seen_at: asked, seen_by: 'Meg' }));
  const store = await db();
  await put(store, 'requests', known('b'));
  await put(store, 'requests', known('c'));
  at('20:30');
  await heard('jo', answer('b', { folded_into: 'a' }));
  expect([await since('a'), await since('b')]).toEqual(['20:30', '20:30']);
  at('20:40');
  await heard('jo', answer('b', { folded_into: 'a' }));
  expect(await since('a'), 'the same tap, told again').toBe('20:30');
  at('20:31');
  const byKey = { id: 'c', state: 'received', received_at: asked, reached_at: null, seen_at: null, promised_by: null, promise_broken: false, done_at: null, cancelled_at: null, folded_into: 'a' } as const;
  await heardByKey('jo', byKey);
  expect(await since('a')).toBe('20:31');
});

test('what an older app had heard of already keeps to when it was asked', async () => {
  await put(await db(), 'requests', known('a', { heard_at: asked, answer: answer('a') }));
  at('20:30');
  await heard('jo', answer('a'));
  expect(await since('a')).toBeUndefined();
});

test('what was asked for one person is not kept as another’s who has joined since', async () => {
  const store = await db();
  await writeSession(store, { ...JO, client_id: 'sam' });
  session.current = { ...JO, client_id: 'sam' };
  await takeRequests('jo', { items: [answer('x')], next_cursor: null });
  expect(await get(store, 'requests', 'x')).toBeUndefined();
});
