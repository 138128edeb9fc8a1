import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flushSync } from 'svelte';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { get, put } from '../store/rows';
import { session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
/** A page with two fields, opened anew: nothing of the last one is known but what is stored. */
async function opened(page = 'contact') {
  vi.resetModules();
  const { route } = await import('../router.svelte');
  const current = await import('../store/session.svelte');
  const { writeSession: join } = await import('../store/own');
  const typed = await import('./typed.svelte');
  Object.assign(route, { page, argument: '' });
  document.body.innerHTML = '<main><textarea id="message"></textarea><input id="words" /><input id="pin" type="password" /><input id="shown" data-secret /></main>';
  await join(await (await import('../store/db')).db(), JO);
  current.session.current = JO;
  typed.startTyped();
  flushSync();
  await settled();
  const field = (id: string) => document.getElementById(id) as HTMLTextAreaElement;
  return {
    ...typed, route,
    words: (id: string) => field(id).value,
    type: (id: string, words: string) => {
      field(id).value = words;
      field(id).dispatchEvent(new Event('input', { bubbles: true }));
    },
  };
}
/** What was begun is done: what is read after it has been read. */
const settled = async () => {
  for (let n = 0; n < 5; n++) await stored();
};
const stored = async () => (await get(await db(), 'cache', ['jo', 'typed']))?.data;

beforeEach(async () => {
  const store = await db();
  await store.clear('cache');
  await writeSession(store, JO);
  session.current = JO;
});
afterEach(() => vi.useRealTimers());

test('what was half typed is in its fields again after the app was closed, locked or brought up to date', async () => {
  const before = await opened();
  before.type('message', 'Could someone ring be');
  before.type('pin', '1234');
  before.type('shown', '1234');
  await before.keepTyped();
  expect(JSON.stringify(await stored())).not.toContain('1234');

  const elsewhere = await opened('help');
  expect(elsewhere.words('message')).toBe('');
  const after = await opened();
  expect(after.words('message')).toBe('Could someone ring be');
  await after.keepTyped();
  expect((await opened()).words('message'), 'and not lost on the way').toBe('Could someone ring be');
});

test('what was sent, cleared or left is kept no longer', async () => {
  const page = await opened();
  page.type('message', 'Could someone ring me');
  await page.keepTyped();
  page.type('message', '');
  await page.keepTyped();
  expect(await stored()).toBeUndefined();

  page.type('message', 'Could someone');
  await page.keepTyped();
  document.body.innerHTML = '';
  page.route.page = 'today';
  flushSync();
  await settled();
  await page.keepTyped();
  expect(await stored()).toBeUndefined();
});

test('another tab keeps what is typed on another page', async () => {
  const one = await opened();
  one.type('message', 'Could someone');
  await one.keepTyped();
  const other = await opened('needs');
  other.type('words', 'Slowly, please');
  await other.keepTyped();
  expect(Object.keys((await stored()) as object)).toEqual(['contact/', 'needs/']);
});

test('what was typed yesterday is another day’s', async () => {
  await put(await db(), 'cache', { client_id: 'jo', name: 'typed', data: { 'contact/': { at: Date.now() - 25 * 3_600_000, fields: { message: 'old' } } }, etag: null, at: new Date().toISOString() });
  expect((await opened()).words('message')).toBe('');
});

test('what belongs to a field that comes later is put back when it does', async () => {
  const before = await opened();
  before.type('message', 'Could someone ring be');
  await before.keepTyped();
  const after = await opened('today');
  document.body.innerHTML = '<main></main>';
  after.route.page = 'contact';
  flushSync();
  await settled();
  document.querySelector('main')!.innerHTML = '<textarea id="message"></textarea>';
  await vi.waitFor(() => expect(after.words('message')).toBe('Could someone ring be'));
});

test('what never found its field is let go of with its page, and grows no younger meanwhile', async () => {
  const at = Date.now() - 3_600_000;
  await put(await db(), 'cache', { client_id: 'jo', name: 'typed', data: { 'contact/': { at, fields: { gone: 'words' } } }, etag: null, at: new Date().toISOString() });
  const page = await opened();
  await page.keepTyped();
  expect(await stored()).toEqual({ 'contact/': { at, fields: { gone: 'words' } } });
  page.route.page = 'today';
  flushSync();
  await settled();
  await page.keepTyped();
  expect(await stored()).toBeUndefined();
});

test('a store that does not answer keeps nobody from the page that a notification leads to, and what is typed is there when they come back', async () => {
  const page = await opened();
  page.type('message', 'Could someone ring be');
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => Object.assign(Object.create(IDBRequest.prototype) as IDBRequest, { addEventListener: () => undefined }));
  await page.holdTyped();
  vi.restoreAllMocks();
  document.body.innerHTML = '';
  page.route.page = 'reminders';
  flushSync();
  document.body.innerHTML = '<main><textarea id="message"></textarea></main>';
  page.route.page = 'contact';
  flushSync();
  await vi.waitFor(() => expect(page.words('message')).toBe('Could someone ring be'));
});

test('whoever is led away by a notification finds what they typed when they come back', async () => {
  const page = await opened();
  page.type('message', 'Could someone ring be');
  await page.holdTyped();
  document.body.innerHTML = '';
  page.route.page = 'reminders';
  flushSync();
  await settled();
  await page.keepTyped();
  expect(await stored()).toMatchObject({ 'contact/': { fields: { message: 'Could someone ring be' } } });
  document.body.innerHTML = '<main><textarea id="message"></textarea></main>';
  page.route.page = 'contact';
  flushSync();
  await settled();
  await vi.waitFor(() => expect(page.words('message')).toBe('Could someone ring be'));
  // And sent or left from there, it is done with.
  page.type('message', '');
  await page.keepTyped();
  expect(await stored()).toBeUndefined();
});
