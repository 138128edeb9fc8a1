import { PERSONAL, type Db, type Personal, type Rows } from './db';
import { keysFor } from './keys';
import { keyOf, sealed } from './opening';
import { writeSession } from './own';
import { isSealed } from './seal';
import type { StoredSession } from './stored';

// What an app before this one wrote in clear, sealed at the first start. Row by row, each in the place of the one in clear and in one
// transaction: whenever it is stopped, every row is there once, in clear or sealed, and the next start goes on.

export async function sealOlder(db: Db): Promise<void> {
  const own = await db.get('kept', 'session');
  if (own && !isSealed(own)) await writeSession(db, own as unknown as StoredSession);
  for (const store of PERSONAL) for (const key of await db.getAllKeys(store)) await sealOne(db, store, key as never);
  await db.put('kept', { sealed: true }, 'sealed');
}

async function sealOne<S extends Personal>(db: Db, store: S, key: never): Promise<void> {
  const row = (await db.get(store, key)) as Rows[S] | undefined;
  if (!row || isSealed(row)) return;
  const box = await sealed(await keysFor(db, row.client_id), store, row);
  const tx = db.transaction(store, 'readwrite', { durability: 'strict' });
  const now = await tx.store.get(keyOf(store, row) as never);
  // Another tab may have sealed it, or have let go of it, meanwhile.
  if (now && !isSealed(now)) await tx.store.put(box as never);
  await tx.done;
}
