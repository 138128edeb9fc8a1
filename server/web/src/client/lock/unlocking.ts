import type { Uuid } from '../../shared/wire';
import type { Db } from '../store/db';
import { holdKey, keysIn } from '../store/keys';
import { rowsOf } from '../store/opening';
import { change } from '../store/rows';
import { changeSession } from '../store/own';
import { DEVICE, type StoredOwn, type Tries } from '../store/stored';
import { keyFromPin, unwrapped } from './wrap';

// The way in. A wrong PIN makes the next one wait, longer each time, and never deletes anything: children and worried people type too.

const MINUTE = 60_000;
/** How long to wait after so many wrong ones in a row; after the last of these, always as long. */
const WAITS = [0, 0, 0, 0.5, 1, 5, 15, 30, 60].map((minutes) => minutes * MINUTE);
export const waitAfter = (wrong: number): number => WAITS[Math.min(wrong, WAITS.length - 1)]!;

export async function waitUntil(db: Db, clientId: Uuid, now: number): Promise<number | null> {
  const tries = (await db.get('kept', 'tries')) as Tries | undefined;
  return stillWaits(tries, clientId, now);
}

/** A clock that was put back makes nobody wait longer than the longest wait. */
const stillWaits = (tries: Tries | undefined, clientId: Uuid, now: number): number | null =>
  tries?.client_id === clientId && tries.until > now && tries.until - now <= WAITS.at(-1)! ? tries.until : null;

export type Unlocked = 'open' | 'wrong' | { wait: number };

/** Counted before it is tried: whoever closes the app in between has had their try. */
export async function unlockWithPin(db: Db, clientId: Uuid, pin: string, now: number): Promise<Unlocked> {
  const keys = await keysIn(db, clientId);
  if (keys?.lock?.kind !== 'pin') throw new Error('There is no PIN here.');
  const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
  const before = (await tx.store.get('tries')) as Tries | undefined;
  const wait = stillWaits(before, clientId, now);
  const wrong = (before?.client_id === clientId ? before.wrong : 0) + 1;
  if (!wait) await tx.store.put({ client_id: clientId, wrong, until: now + waitAfter(wrong) }, 'tries');
  await tx.done;
  if (wait) return { wait };
  if (await open(db, clientId, await keyFromPin(pin, keys.lock))) return 'open';
  return waitAfter(wrong) > 0 ? { wait: now + waitAfter(wrong) } : 'wrong';
}

/** With a wrapping key, however it was come by. */
export async function open(db: Db, clientId: Uuid, wrapping: CryptoKey): Promise<boolean> {
  const keys = await keysIn(db, clientId);
  if (!keys?.lock) return true;
  const key = await unwrapped(clientId, keys.id, keys.lock, wrapping).catch(() => null);
  if (!key) return false;
  holdKey(keys.id, key);
  await db.delete('kept', 'tries');
  await takeIn(db, clientId);
  return true;
}

/** What was asked for while it was locked joins the person's other things, under their own key. */
async function takeIn(db: Db, clientId: Uuid): Promise<void> {
  if (((await db.get('kept', 'session')) as StoredOwn | undefined)?.by === DEVICE) await changeSession(db, clientId, (session) => session);
  for (const store of ['requests', 'received'] as const) {
    for (const { by, id } of await rowsOf(db, store, clientId)) {
      if (by !== DEVICE) continue;
      await change(db, clientId, async (turn) => {
        const row = await turn.get(store, id!);
        if (row) turn.put(store, row);
      });
    }
  }
}
