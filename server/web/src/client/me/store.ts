import type { Items, ItemsBody } from '../../shared/wire';
import { items } from '../store/about';
import { apiFor, session } from '../store/session.svelte';

/** Changes of one's own questions go straight to the server or not at all; the form keeps what was typed. */
export async function saveItems(body: ItemsBody): Promise<void> {
  const own = session.current;
  if (!own) return;
  await items.set(own.client_id, await apiFor(own.client_id).put<Items>('/me/items', body));
}
