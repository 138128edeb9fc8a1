import { Push } from '../../shared/push/push.svelte';
import type { Kept } from '../../shared/push/push.svelte';
import { db, whileJoined } from '../store/db';
import { get, remember } from '../store/rows';
import { apiFor, session } from '../store/session.svelte';

const KEY = 'push';

/** Notifications on this phone. What it keeps is in the app's own store, where the service worker finds it too. */
export const push = new Push({
  base: '/me',
  api: () => apiFor(session.current?.client_id ?? ''),
  owner: () => (session.current && !session.current.over ? session.current.client_id : null),
  // The app registers it at its start (shell/updates); asking again gives the same one.
  worker: () => navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }),
  read: async () => ((await (await db()).get('kept', KEY)) as Kept | undefined) ?? null,
  async write(kept) {
    const store = await db();
    if (!kept) await store.delete('kept', KEY);
    else await whileJoined(store, kept.owner, [], (tx) => tx.objectStore('kept').put(kept, KEY));
  },
});

/** Whether our own question was answered with "not now"; it is not asked again by itself. `null` until we know. */
export const asked = $state<{ at: string | null; known: string | null }>({ at: null, known: null });

export async function loadAsked(): Promise<void> {
  const id = session.current?.client_id;
  if (!id || asked.known === id) return;
  const row = await get(await db(), 'cache', [id, 'push_asked']);
  Object.assign(asked, { at: (row?.data as string | undefined) ?? null, known: id });
}

export async function wasAsked(): Promise<void> {
  const id = session.current?.client_id;
  if (!id) return;
  const at = new Date().toISOString();
  Object.assign(asked, { at, known: id });
  await remember(await db(), { client_id: id, name: 'push_asked', data: at, etag: null, at });
}
