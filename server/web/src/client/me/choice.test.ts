import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { sharing } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import Choice from './Choice.svelte';

let page: object;
afterEach(() => {
  void unmount(page);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test.each([[true, 'We don’t know yet if that was saved.'], [false, 'Not changed.']])('a choice that nobody answered to (signal: %s)', async (online, said) => {
  const jo = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null } as const;
  await writeSession(await db(), jo);
  session.current = jo;
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(online);
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('the reply was lost')));
  page = mount(Choice, { target: document.body, props: { what: 'flags_shown', label: 'Show me', hint: '', said: () => 'Changed.', failed: 'Not changed.' } });
  document.querySelector('input')!.click();
  await vi.waitFor(() => (flushSync(), expect(document.querySelector('.notice')?.textContent).toContain(said)));
});

test('a choice that is taken back while it is on its way is taken back', async () => {
  session.current = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null };
  await writeSession(await db(), session.current);
  const asked: object[] = [];
  const answers: (() => void)[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => new Promise<Response>((answered) => {
    const change = JSON.parse(init.body as string) as object;
    asked.push(change);
    answers.push(() => answered(Response.json(change)));
  }));
  page = mount(Choice, { target: document.body, props: { what: 'reminders_shared', label: 'Let my team see', hint: '', said: (on: boolean) => `They see: ${on}`, failed: 'Not changed.' } });
  const box = document.querySelector('input')!;
  box.click();
  box.click();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]!();
  await vi.waitFor(() => (flushSync(), expect(sharing.data?.reminders_shared).toBe(true)));
  expect([box.checked, document.querySelector('.notice')]).toEqual([false, null]);
  await vi.waitFor(() => expect(asked).toEqual([{ reminders_shared: true }, { reminders_shared: false }]));
  answers[1]!();
  await vi.waitFor(() => (flushSync(), expect(document.querySelector('.notice')?.textContent).toBe('They see: false')));
  expect(box.checked).toBe(false);
});
