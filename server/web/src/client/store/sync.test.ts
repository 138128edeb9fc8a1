import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { everything } from './about';
import { db } from './db';
import { writeSession } from './own';
import { session } from './session.svelte';
import { run } from './sync.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const TOKENS = { access_token: 'b', refresh_token: 's', expires_in: 3600 };
const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);

/** A server that says this to every question about Jo, and `renewed` to whoever wants new tokens. */
function server(status: number, renewed = Response.json(TOKENS)): void {
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/auth/refresh')) return renewed.clone();
    if (url.includes('/contact-requests')) return Response.json({ items: [] });
    if (url.includes('/me')) return Response.json({ code: 'unauthorised', title: 'No.' }, { status });
    throw new TypeError('gone');
  });
}

beforeEach(() => (session.current = JO));
afterEach(async () => {
  warn.mockClear();
  vi.unstubAllGlobals();
  await (await db()).delete('kept', 'session');
});

// A 401 in spite of new tokens is the server's fault, and not the end of the session.
test.each([401, 404, 500])('what the server should have told and did not (%i) is warned of, each by itself', async (status) => {
  await writeSession(await db(), JO);
  server(status);
  await run();
  expect(warn.mock.calls.map(([words]) => words)).toEqual(everything.map(() => 'asking'));
});

test('of somebody who is signing out nothing can be told, and that is no news', async () => {
  server(500);
  await run();
  expect(warn).not.toHaveBeenCalled();
});

test('nor of somebody whose session the server has ended', async () => {
  await writeSession(await db(), JO);
  server(401, Response.json({ code: 'session_ended' }, { status: 401 }));
  await run();
  expect(warn).not.toHaveBeenCalled();
  expect(session.current?.over).toBe('ended');
});
