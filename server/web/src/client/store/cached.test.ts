import { beforeEach, expect, test } from 'vitest';
import { Cached } from './cached.svelte';
import { db } from './db';
import { writeSession } from './own';
import { session } from './session.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};

beforeEach(async () => {
  await writeSession(await db(), JO);
  session.current = JO;
});

test('what is learnt while an older row is being read stays, however far the reading is', async () => {
  const shelf = new Cached<{ done: boolean }>('welcome', '');
  for (let steps = 0; steps < 40; steps++) {
    await shelf.set('jo', { done: false });
    const reading = shelf.load('jo');
    // A step is what the store does between two turns of the loop.
    for (let step = 0; step < steps; step++) await (step % 2 ? Promise.resolve() : new Promise((done) => setTimeout(done)));
    await Promise.all([shelf.set('jo', { done: true }), reading]);
    expect(shelf.data, `after ${steps} steps`).toEqual({ done: true });
  }
});
