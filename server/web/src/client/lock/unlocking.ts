import type { ContactByKey, Uuid } from '../../shared/wire';
import { whole, type Db, type Received } from '../store/db';
import { holdKey, keysIn } from '../store/keys';
import { rowsOf } from '../store/opening';
import { takeInReceived } from '../store/outbox/disk';
import { change } from '../store/rows';
import { changeSession } from '../store/own';
import { fitting, unlessFull } from '../store/quota.svelte';
import { DEVICE, type StoredOwn, type Tries } from '../store/stored';
import { keyFromPin, unwrapped } from './wrap';

// The way in. A wrong PIN makes the next one wait, longer each time, and never deletes anything: children and worried people type too.

const MINUTE = 60_000;
/** How long to wait after so many wrong ones in a row; after the last of these, always as long. */
const WAITS = [0, 0, 0, 0.5, 1, 5, 15, 30, 60].map((minutes) => minutes * MINUTE);
export const waitAfter = (wrong: number): number => WAITS[Math.min(wrong, WAITS.length - 1)]!;

/** What a full phone would not write down: counted until the page is loaded anew. The right PIN opens a full phone too. */
let unwritten: Tries | null = null;
const triesIn = (stored: Tries | undefined): Tries | undefined => unwritten ?? stored;

export async function waitUntil(db: Db, clientId: Uuid, now: number): Promise<number | null> {
  return stillWaits(triesIn((await db.get('kept', 'tries')) as Tries | undefined), clientId, now);
}

/** A clock that was put back makes nobody wait longer than the longest wait. */
const stillWaits = (tries: Tries | undefined, clientId: Uuid, now: number): number | null =>
  tries?.client_id === clientId && tries.until > now && tries.until - now <= WAITS.at(-1)! ? tries.until : null;

export type Unlocked = 'open' | 'wrong' | { wait: number };

/** Counted before it is tried: whoever closes the app in between has had their try. */
export async function unlockWithPin(db: Db, clientId: Uuid, pin: string, now: number): Promise<Unlocked> {
  const keys = await keysIn(db, clientId);
  if (keys?.lock?.kind !== 'pin') throw new Error('There is no PIN here.');
  const { wait, wrong } = await counted(db, clientId, now);
  if (wait) return { wait };
  if (await open(db, clientId, await keyFromPin(pin, keys.lock))) return 'open';
  return waitAfter(wrong) > 0 ? { wait: now + waitAfter(wrong) } : 'wrong';
}

async function counted(db: Db, clientId: Uuid, now: number): Promise<{ wait: number | null; wrong: number }> {
  let [wait, wrong]: [number | null, number] = [null, 0];
  const count = async () => {
    const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
    await whole(tx, async () => {
      const before = triesIn((await tx.store.get('tries')) as Tries | undefined);
      wait = stillWaits(before, clientId, now);
      wrong = (before?.client_id === clientId ? before.wrong : 0) + 1;
      if (!wait) await tx.store.put(tried(), 'tries');
    });
    if (!wait) unwritten = null;
  };
  const tried = (): Tries => ({ client_id: clientId, wrong, until: now + waitAfter(wrong) });
  await fitting(db, count).catch((error: unknown) => {
    unlessFull(error);
    unwritten = tried();
  });
  return { wait, wrong };
}

/** With a wrapping key, however it was come by. */
export async function open(db: Db, clientId: Uuid, wrapping: CryptoKey): Promise<boolean> {
  const keys = await keysIn(db, clientId);
  if (!keys?.lock) return true;
  const key = await unwrapped(clientId, keys.id, keys.lock, wrapping).catch(() => null);
  if (!key) return false;
  holdKey(keys.id, key);
  unwritten = null;
  // Nobody stands before a lock that they have opened: what cannot be written now is written after the next unlocking.
  await db.delete('kept', 'tries').then(() => takeIn(db, clientId)).catch((error: unknown) => console.warn('unlocking', error));
  return true;
}

/** What was asked for or sent while it was locked joins the person's other things, under their own key. */
async function takeIn(db: Db, clientId: Uuid): Promise<void> {
  if (((await db.get('kept', 'session')) as StoredOwn | undefined)?.by === DEVICE) await changeSession(db, clientId, (session) => session);
  for (const id of await writtenLocked(db, 'requests', clientId)) {
    await change(db, clientId, async (turn) => {
      const row = await turn.get('requests', id);
      if (row) turn.put('requests', row);
    });
  }
  for (const id of await writtenLocked(db, 'received', clientId)) {
    await change(db, clientId, async (turn) => {
      const sent = await takeInReceived(turn, clientId, id);
      const request = sent && (await turn.get('requests', id));
      // Asked for before it was locked: nobody could write beside it that it was received.
      if (request && !request.answer && !request.by_key) turn.put('requests', { ...request, by_key: receivedByKey(sent), heard_at: sent.received_at });
    });
  }
}

const writtenLocked = async (db: Db, store: 'requests' | 'received', clientId: Uuid): Promise<Uuid[]> => (await rowsOf(db, store, clientId)).filter(({ by }) => by === DEVICE).map(({ id }) => id!);

/** No more than is known; the next answer says the rest. */
const receivedByKey = ({ id, received_at }: Received): ContactByKey => ({
  id, state: 'received', received_at, reached_at: null, seen_at: null, promised_by: null, promise_broken: false, done_at: null, cancelled_at: null, folded_into: null,
});
