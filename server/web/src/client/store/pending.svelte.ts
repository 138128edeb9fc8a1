import type { Uuid } from '../../shared/wire';
import { db } from './db';
import { mine, type Entry, type EntryOf, type Kind } from './outbox';

/** What this person has said on this phone that the server has not taken yet, as the views see it. */
export const pending = $state<{ entries: Entry[] }>({ entries: [] });

export async function loadPending(clientId: Uuid | null): Promise<void> {
  pending.entries = clientId ? await mine(await db(), clientId) : [];
}

export const pendingOf = <K extends Kind>(kind: K): EntryOf<K>[] =>
  pending.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
