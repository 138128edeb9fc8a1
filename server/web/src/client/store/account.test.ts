import { expect, test } from 'vitest';
import { db } from './db';
import { writeSession } from './own';
import { remember } from './rows';
import { session, signOut } from './session.svelte';
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
