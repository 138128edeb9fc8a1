import type { Instant, Uuid } from '../../shared/wire';
import { db, type Received } from '../store/db';
import { all } from '../store/rows';
import { session } from '../store/session.svelte';

/** What the server has taken from this phone in the last thirty days, for the views that say when. */
export const received = $state<{ list: Pick<Received, 'id' | 'kind' | 'target' | 'received_at'>[] }>({ list: [] });

export async function loadReceived(): Promise<void> {
  const id = session.current?.client_id;
  const rows = id ? await all(await db(), 'received', id).catch(() => []) : [];
  if (id === session.current?.client_id) received.list = rows.map(({ id, kind, target, received_at }) => ({ id, kind, target, received_at }));
}

/** When the newest answer about this was received, if it came from this phone. */
export const receivedAbout = (kind: Received['kind'], target: Uuid): Instant | null =>
  received.list.filter((one) => one.kind === kind && one.target === target).reduce<Instant | null>((last, { received_at }) => (last && last > received_at ? last : received_at), null);

export const receivedAt = (id: Uuid): Instant | null => received.list.find((one) => one.id === id)?.received_at ?? null;
