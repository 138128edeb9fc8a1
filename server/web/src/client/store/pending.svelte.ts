import type { Uuid } from '../../shared/wire';
import { db } from './db';
import { newest } from './newest';
import { mine, type Entry, type EntryOf, type Kind } from './outbox';

/** What this person has said on this phone that the server has not taken yet, as the views see it. */
export const pending = $state<{ entries: Entry[] }>({ entries: [] });

export const loadPending = newest(
  async (clientId: Uuid | null) => (clientId ? mine(await db(), clientId) : []),
  (entries) => {
    pending.entries = entries;
  },
);

export const pendingOf = <K extends Kind>(kind: K): EntryOf<K>[] =>
  pending.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
