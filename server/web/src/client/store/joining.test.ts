import { expect, test, vi } from 'vitest';
import { db } from './db';
import { join } from './joining';

test('a code is tried again as the same phone, though the app was closed in between', async () => {
  const store = await db();
  const tried: { device_id: string }[] = [];
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    tried.push(JSON.parse(body));
    throw new TypeError('the answer was lost');
  });
  await join('ABCDEFGHJ', 'Phone').catch(() => undefined);
  vi.resetModules();
  const anew = await import('./joining');
  await anew.join('ABCDEFGHJ', 'Phone').catch(() => undefined);
  await anew.join('KKKKKKKKK', 'Phone').catch(() => undefined);
  expect(tried[1]!.device_id).toBe(tried[0]!.device_id);
  expect(tried[2]!.device_id).not.toBe(tried[0]!.device_id);
  vi.stubGlobal('fetch', async () => Response.json({ access_token: 'a', refresh_token: 'r', expires_in: 600, contact_key: 'k', client: { id: 'alex', preferred_name: 'Alex', language: 'en', time_zone: 'Europe/London' } }));
  await anew.join('KKKKKKKKK', 'Phone');
  vi.unstubAllGlobals();
  expect(await store.get('kept', 'joining')).toBeUndefined();
});
