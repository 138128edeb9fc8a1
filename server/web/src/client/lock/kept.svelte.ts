import { db } from '../store/db';
import { session } from '../store/session.svelte';

/** What the phone says about what the app stores in it. `null`: it does not say. */
export const kept = $state<{ persisted: boolean | null; unreadable: number }>({ persisted: null, unreadable: 0 });

export async function lookAtKept(): Promise<void> {
  const { storage } = navigator;
  kept.persisted = storage?.persisted ? await storage.persisted().catch(() => null) : null;
  const id = session.current?.client_id;
  kept.unreadable = id ? await (await db()).countFromIndex('unreadable', 'client', id) : 0;
}

/** From a press of a button: some browsers ask the person, others say yes only to an app that has been used for a while. */
export async function askToKeep(): Promise<void> {
  await navigator.storage.persist().catch(() => false);
  await lookAtKept();
}

export async function letGoOfUnreadable(): Promise<void> {
  const id = session.current?.client_id;
  if (!id) return;
  const tx = (await db()).transaction('unreadable', 'readwrite');
  for (const key of await tx.store.index('client').getAllKeys(id)) await tx.store.delete(key);
  await tx.done;
  await lookAtKept();
}
