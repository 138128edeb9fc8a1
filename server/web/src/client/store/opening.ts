import { CLEAR, type Db, type Personal, type Rows } from './db';
import { keysIn, openingKey, sealingKey } from './keys';
import { isSealed, seal, stamp, unseal } from './seal';
import type { StoredRow, Keys } from './stored';

// Between a row as the app knows it and as it lies on the phone.

/** This person's rows in one store, as they lie there. */
export const rowsOf = (db: Db, store: Personal, clientId: string): Promise<StoredRow[]> => db.getAllFromIndex(store, 'client' as never, clientId as never);

export type Key = string | [string, string];
export const keyOf = (store: Personal, row: { client_id: string; id?: string; name?: string }): Key => (store === 'cache' ? [row.client_id, row.name!] : row.id!);

export const place = (store: Personal, key: Key): string => JSON.stringify([store, key]);
/** Of a list: which rows there are, and as last written. */
export const stamps = (store: Personal, rows: StoredRow[]): string => rows.map((row) => place(store, keyOf(store, row)) + stamp(row)).join();

export async function sealed<S extends Personal>(keys: Keys, store: S, row: Rows[S]): Promise<StoredRow> {
  const clear = Object.fromEntries(CLEAR[store].map((field) => [field, (row as Record<string, unknown>)[field]]));
  const box = await seal(row, sealingKey(keys, store, row), { store, key: keyOf(store, row), client_id: row.client_id });
  return { ...clear, ...box } as StoredRow;
}

/** What does not open is put aside, and is as if it were not there; a locked app throws. */
export async function openedAll<S extends Personal>(db: Db, store: S, rows: StoredRow[]): Promise<Rows[S][]> {
  const found: Rows[S][] = [];
  for (const row of rows) {
    // One that an older app wrote, and that is not sealed yet.
    if (!isSealed(row)) {
      found.push(row as Rows[S]);
      continue;
    }
    const key = openingKey(await keysIn(db, row.client_id), row);
    const open = key && (await unseal<Rows[S]>(row, key, { store, key: keyOf(store, row), client_id: row.client_id }).catch(() => null));
    if (open) found.push(open);
    else await setAside(db, store, row);
  }
  return found;
}

/** Moved as it is, unless somebody has written it anew meanwhile. */
async function setAside(db: Db, store: Personal, row: StoredRow): Promise<void> {
  const key = keyOf(store, row);
  const tx = db.transaction([store, 'unreadable'], 'readwrite');
  if (stamp(await tx.objectStore(store).get(key as never)) === stamp(row)) {
    await tx.objectStore('unreadable').put({ store, key, client_id: row.client_id, row, at: new Date().toISOString() });
    await tx.objectStore(store).delete(key as never);
  }
  await tx.done;
}
