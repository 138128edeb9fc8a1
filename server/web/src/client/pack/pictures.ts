import { Problem, type Api } from '../../shared/api';
import type { Uuid } from '../../shared/wire';
import type { Addition } from '../../shared/wire-my-pack';
import { db, whileJoined, type Picture } from '../store/db';
import { get, ids, put, remove } from '../store/rows';

// Pictures of the articles and the person's own photos, fetched once and kept, so that a page is whole with no signal.

/** Fetches what is missing and lets go of what nothing shows any more. */
export async function keepPictures(api: Api, clientId: Uuid, additions: Addition[]): Promise<void> {
  const store = await db();
  const shown = new Set(
    (await store.getAll('texts')).flatMap(({ text }) => text.blocks.flatMap((block) => (block.kind === 'image' ? [block.image_id] : []))),
  );
  const here = await store.getAllKeys('images');
  for (const id of here) if (!shown.has(id)) await store.delete('images', id);
  for (const id of shown) {
    if (here.includes(id)) continue;
    const picture = await fetched(api, id, `/me/resource-images/${id}`);
    if (picture) await whileJoined(store, clientId, ['images'], (tx) => tx.objectStore('images').put(picture));
  }

  const own = await ids(store, 'photos', clientId);
  const waiting = await ids(store, 'outbox', clientId);
  for (const id of own) if (!waiting.includes(id) && !additions.some((one) => one.id === id)) await remove(store, 'photos', id);
  for (const { id, has_photo } of additions) {
    if (!has_photo || own.includes(id)) continue;
    const picture = await fetched(api, id, `/me/pack/additions/${id}/photo`);
    if (picture) await put(store, 'photos', { ...picture, client_id: clientId }, { joined: true });
  }
}

/** `null` when the server has it no longer; without signal it throws, and is tried again. */
async function fetched(api: Api, id: Uuid, path: string): Promise<Picture | null> {
  try {
    const blob = await api.blob(path);
    return { id, type: blob.type || 'image/jpeg', bytes: await blob.arrayBuffer() };
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

const addresses = new Map<Uuid, string>();

/** An address this page can show, from the phone's own store. */
export async function addressOf(from: 'images' | 'photos', id: Uuid): Promise<string | null> {
  const known = addresses.get(id);
  if (known) return known;
  const store = await db();
  const row = from === 'photos' ? await get(store, from, id) : await store.get(from, id);
  if (!row) return null;
  const address = URL.createObjectURL(new Blob([row.bytes], { type: row.type }));
  addresses.set(id, address);
  return address;
}
