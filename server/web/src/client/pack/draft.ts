import { db } from '../store/db';
import { get, remember, remove } from '../store/rows';
import { session } from '../store/session.svelte';

// Something of one's own, half written: kept on the phone after every change, so that a closed app forgets nothing.

export type Draft = { title: string; text: string; url: string; shared: boolean };
const row = (kind: string): string => `adding:${kind}`;

export async function readDraft(kind: string): Promise<Draft | null> {
  const own = session.current;
  return own ? (((await get(await db(), 'cache', [own.client_id, row(kind)]))?.data as Draft | undefined) ?? null) : null;
}

export async function writeDraft(kind: string, data: Draft): Promise<void> {
  const own = session.current;
  if (own) await remember(await db(), { client_id: own.client_id, name: row(kind), data, etag: null, at: new Date().toISOString() });
}

export async function forgetDraft(kind: string): Promise<void> {
  const own = session.current;
  if (own) await remove(await db(), 'cache', [own.client_id, row(kind)]);
}
