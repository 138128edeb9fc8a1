import { isSealed, seal, stamp, unseal, type Box } from '../client/store/seal';
import { asked, within } from './store';
import { DEVICE, type Keys, type StoredOwn, type StoredRow, type StoredSession } from '../client/store/stored';

// The client's app's own rows, opened as the app opens them (store/opening.ts, store/own.ts), without its library. Where the lock is on the key
// is not there, and neither is anything that it opens.

const app = <T>(mode: IDBTransactionMode, store: string, work: (store: IDBObjectStore) => Promise<T>) => within('companion', null, mode, store, work);
const read = <T>(store: string, key: IDBValidKey) => app('readonly', store, (rows) => asked(rows.get(key)) as Promise<T | undefined>);

export const joined = (): Promise<StoredOwn | undefined> => read<StoredOwn>('kept', 'session');
export const preferences = (): Promise<{ language: StoredOwn['language'] | null; discreet?: boolean } | undefined> => read('kept', 'preferences');

async function open<T>(row: (Box & { client_id: string }) | undefined, store: string, key: IDBValidKey): Promise<T | null> {
  if (!row) return null;
  // An older app's, not sealed yet: a push can come before anybody has opened the newer app.
  if (!isSealed(row)) return row as T;
  const keys = await read<Keys>('keys', row.client_id);
  const own = row.by === DEVICE ? keys?.device : row.by === keys?.id ? keys.data : null;
  return own ? unseal<T>(row, own, { store, key, client_id: row.client_id }).catch(() => null) : null;
}

export async function cached<T>(client: string, name: string): Promise<T | null> {
  const row = await read<StoredRow>('cache', [client, name]);
  return (await open<{ data: T }>(row, 'cache', [client, name]))?.data ?? null;
}

export async function session(client: string): Promise<StoredSession | null> {
  const row = await joined();
  return row?.client_id === client && !row.over ? open<StoredSession>(row, 'kept', 'session') : null;
}

/** As the row that it takes the place of: one of an older app, whose store has no keys yet, is the app's own to seal. */
async function sealedLike(row: StoredOwn, after: StoredSession): Promise<object | null> {
  if (!isSealed(row)) return after;
  const { by, client_id } = row as StoredOwn;
  const key = (await read<Keys>('keys', client_id))?.data;
  return key ? seal(after, { by, key }, { store: 'kept', key: 'session', client_id }) : null;
}

export async function changeSession(client: string, change: Partial<StoredSession>): Promise<void> {
  for (;;) {
    const row = await joined();
    const before = await session(client);
    if (!row || !before) return;
    const after = { ...before, ...change };
    const box = await sealedLike(row, after);
    if (!box) return;
    const done = await app('readwrite', 'kept', async (kept) => {
      if (stamp(await asked(kept.get('session'))) !== stamp(row)) return false;
      await asked(kept.put({ client_id: client, over: after.over, language: after.language, ...box }, 'session'));
      return true;
    });
    if (done) return;
  }
}
