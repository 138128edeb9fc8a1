import { CLEAR, whole, type Db, type Personal, type Rows } from './db';
import { keysIn, openingKey, sealingKey } from './keys';
import { unlessFull } from './quota.svelte';
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

/** This person's rows in one store, read with their keys and opened. */
export async function openedOf<S extends Personal>(db: Db, store: S, clientId: string): Promise<Rows[S][]> {
  const tx = db.transaction([store, 'keys']);
  const rows = tx.objectStore(store).index('client' as never).getAll(clientId as never) as Promise<StoredRow[]>;
  return openedAll(db, store, ...(await Promise.all([rows, tx.objectStore('keys').get(clientId)])));
}

/** Of one person. What does not open is put aside, and is as if it were not there; a locked app throws. */
export async function openedAll<S extends Personal>(db: Db, store: S, rows: StoredRow[], known?: Keys): Promise<Rows[S][]> {
  const keys = known ?? (rows[0] && (await keysIn(db, rows[0].client_id)));
  const open = async (row: StoredRow): Promise<Rows[S] | null> => {
    let found = await opened(keys, store, row);
    // Written anew while it was being opened, as with another key when the lock is turned on in another tab: then that one is opened.
    for (let now: StoredRow | undefined = row; !found && (now = await setAside(db, store, now)); ) found = await opened(await keysIn(db, now.client_id), store, now);
    return found;
  };
  return (await Promise.all(rows.map(open))).filter((row) => row !== null);
}

async function opened<S extends Personal>(keys: Keys | undefined, store: S, row: StoredRow): Promise<Rows[S] | null> {
  // One that an older app wrote, and that is not sealed yet.
  if (!isSealed(row)) return row as Rows[S];
  const key = openingKey(keys, row);
  return key ? unseal<Rows[S]>(row, key, { store, key: keyOf(store, row), client_id: row.client_id }).catch(() => null) : null;
}

/** Moved as it is, unless somebody has written it anew meanwhile: then what they wrote. On a full phone it lies where it was. */
async function setAside(db: Db, store: Personal, row: StoredRow): Promise<StoredRow | undefined> {
  const key = keyOf(store, row);
  const tx = db.transaction([store, 'unreadable'], 'readwrite');
  let now: StoredRow | undefined;
  await whole(tx, async () => {
    now = (await tx.objectStore(store).get(key as never)) as StoredRow | undefined;
    if (stamp(now) !== stamp(row)) return;
    now = undefined;
    await tx.objectStore('unreadable').put({ store, key, client_id: row.client_id, row, at: new Date().toISOString() });
    await tx.objectStore(store).delete(key as never);
  }).catch(unlessFull);
  return now;
}
