import type { Uuid } from '../../shared/wire';
import type { Db } from './db';
import { newKey, type Box, type Named } from './seal';
import { DEVICE, type Keys, type StoredOwn } from './stored';

// Which key opens what, and where it is. They are made here, and never leave the browser's own store in clear.

/** Somebody has to unlock the app first. */
export class Locked extends Error {
  override name = 'Locked';
}

// Only in memory, by the id of the key: what a locked app has forgotten is gone with its page.
const opened = new Map<string, CryptoKey>();
export const holdKey = (id: string, key: CryptoKey): void => void opened.set(id, key);
export const dropKeys = (): void => opened.clear();

export const keysIn = (db: Db, clientId: Uuid): Promise<Keys | undefined> => db.get('keys', clientId);

/** The keys of this account, made at their first use. Two tabs that make them at once end with the same. `joined`: none for somebody who has left. */
export async function keysFor(db: Db, clientId: Uuid, joined?: false): Promise<Keys>;
export async function keysFor(db: Db, clientId: Uuid, joined: boolean): Promise<Keys | null>;
export async function keysFor(db: Db, clientId: Uuid, joined = false): Promise<Keys | null> {
  const known = await keysIn(db, clientId);
  if (known) return known;
  const made: Keys = { client_id: clientId, id: crypto.randomUUID(), data: await newKey(), device: await newKey(), lock: null };
  const tx = db.transaction(['kept', 'keys'], 'readwrite', { durability: 'strict' });
  const first = await tx.objectStore('keys').get(clientId);
  const left = joined && ((await tx.objectStore('kept').get('session')) as StoredOwn | undefined)?.client_id !== clientId;
  if (!first && !left) await tx.objectStore('keys').put(made);
  await tx.done;
  return first ?? (left ? null : made);
}

export const dataKey = (keys: Keys): CryptoKey | null => keys.data ?? opened.get(keys.id) ?? null;
export const isLocked = (keys: Keys | undefined): boolean => Boolean(keys && !dataKey(keys));
export const deviceKey = ({ device }: Keys): Named => ({ by: DEVICE, key: device });

/** What this row is sealed with. */
export function sealingKey(keys: Keys, store: string, row: object): Named {
  const data = dataKey(keys);
  // A request for contact must be able to go while the app is locked. What is asked for then is written, and not read before it is unlocked.
  const goesLocked = store === 'outbox' && (row as { kind?: string }).kind === 'contact_request';
  if (data && !goesLocked) return { by: keys.id, key: data };
  if (goesLocked || WRITTEN_LOCKED.includes(store)) return deviceKey(keys);
  throw new Locked();
}
const WRITTEN_LOCKED = ['kept', 'requests', 'received'];

/** `undefined`: this key is gone, and nothing will ever open the row. */
export function openingKey(keys: Keys | undefined, { by }: Box): CryptoKey | undefined {
  if (!keys) return undefined;
  if (by === DEVICE) return keys.device;
  if (by !== keys.id) return undefined;
  const data = dataKey(keys);
  if (!data) throw new Locked();
  return data;
}
