import { flushSync, mount, unmount } from 'svelte';
import { expect, test, vi } from 'vitest';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import TodayLine from './TodayLine.svelte';
import { isAt } from './way';

test('whoever has seen enough goes on from the top of the page: the button is gone, and the focus would be nowhere', async () => {
  session.current = { client_id: 'rhian', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Rhian', language: 'en', time_zone: 'Europe/London', over: null };
  await writeSession(await db(), session.current);
  await isAt('sees');
  document.body.innerHTML = '<main><h1 tabindex="-1">Good evening, Rhian</h1></main>';
  const page = mount(TodayLine, { target: document.querySelector('main')! });
  const enough = await vi.waitUntil(() => (flushSync(), document.querySelector('button')), 10_000);
  enough.focus();
  enough.click();
  await vi.waitFor(() => (flushSync(), expect(document.querySelector('button')).toBeNull()));
  await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
  await unmount(page);
});
