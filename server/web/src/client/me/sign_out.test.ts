import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { db } from '../store/db';
import { wipe } from '../store/forgetting';
import { keep, type Entry } from '../store/outbox';
import { readSession, writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';
import SignOut from './SignOut.svelte';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: 'ended',
};
const checkIn = (id: string) => ({ id, client_id: 'jo', kind: 'check_in', target: null, state: 'waiting', reason: null, created_at: '2026-11-21T21:00:00Z', body: {} }) as unknown as Entry;
const said = () => document.body.textContent ?? '';
let page: object;

beforeEach(async () => {
  const store = await db();
  await wipe(store, 'jo');
  await writeSession(store, JO);
  session.current = JO;
  page = mount(SignOut, { target: document.body });
});
afterEach(() => void unmount(page));

const button = () => document.querySelector<HTMLButtonElement>('button.danger')!;
/** When what would be lost was read from the phone. */
const ready = () => vi.waitFor(() => (flushSync(), expect(button().getAttribute('aria-disabled')).toBe('false')));

test('what was saved in another tab meanwhile is said before it is lost', async () => {
  await ready();
  await keep(await db(), checkIn('late'));
  button().click();
  await vi.waitFor(() => expect(said()).toContain('Something more was saved'));
  expect(said()).toContain('One check-in');
  expect((await readSession(await db()))?.client_id).toBe('jo');
  await ready();
  button().click();
  await vi.waitFor(async () => expect(await readSession(await db())).toBeNull());
});

test('a sign-out that fails says so, and can be tried again', async () => {
  await ready();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const remove = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
    throw new DOMException('no', 'UnknownError');
  });
  button().click();
  await vi.waitFor(() => expect(said()).toContain('Nothing has been deleted'), 5_000);
  expect((await readSession(await db()))?.client_id).toBe('jo');
  remove.mockRestore();
  warn.mockRestore();
  await ready();
  button().click();
  await vi.waitFor(async () => expect(await readSession(await db())).toBeNull());
});
