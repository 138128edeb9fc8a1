import type { Uuid } from '../../shared/wire';
import { db } from './db';
import { mine, type Entry, type EntryOf, type Kind } from './outbox';

/** What this person has said on this phone that the server has not taken yet, as the views see it. */
export const pending = $state<{ entries: Entry[] }>({ entries: [] });

let turn = 0;
let newest: Promise<void>;
/** Over when a read is that began now or later: an older one that comes late shows nothing. */
export const loadPending = (clientId: Uuid | null): Promise<void> => (newest = read(clientId, ++turn));

async function read(clientId: Uuid | null, own: number): Promise<void> {
  const entries = clientId ? await mine(await db(), clientId) : [];
  if (own !== turn) return newest;
  pending.entries = entries;
}

export const pendingOf = <K extends Kind>(kind: K): EntryOf<K>[] =>
  pending.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
