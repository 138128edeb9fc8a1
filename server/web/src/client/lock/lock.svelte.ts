import type { Uuid } from '../../shared/wire';
import { hush } from '../aloud/hush';
import { db } from '../store/db';
import { dropKeys, keysIn } from '../store/keys';
import { joinedHere } from '../store/own';
import { atMost } from '../store/patience';
import { loadSession, session } from '../store/session.svelte';
import { loadPerson, welcome } from '../store/sync.svelte';
import { tellTabs } from '../store/tabs';
import type { Keys, Lock, Wrap } from '../store/stored';
import { deviceCan, makeDevice, secretOf } from './device';
import { keepLooks } from './looks';
import { turnOff, turnOn } from './turning';
import { open, unlockWithPin, type Unlocked } from './unlocking';
import { ITERATIONS, keyFromDevice, keyFromPin, newSalt } from './wrap';

// The lock as the views see it.

export const MINUTES = [0, 1, 5, 15] as const;

/** `null` while the app is not locked by anything. */
export const lock = $state<{ now: Pick<Lock, 'kind' | 'after'> | null; canDevice: boolean }>({ now: null, canDevice: false });

const whose = async (): Promise<Uuid> => {
  const own = await joinedHere(await db());
  if (!own) throw new Error('Nobody has joined on this phone.');
  return own.client_id;
};

export async function lookAtLock(): Promise<void> {
  const own = await joinedHere(await db());
  const keys = own ? await keysIn(await db(), own.client_id) : undefined;
  lock.now = keys?.lock ? { kind: keys.lock.kind, after: keys.lock.after } : null;
  lock.canDevice = await deviceCan();
  await keepLooks(lock.now !== null);
}

/** 4 to 12 digits or letters, of any script. */
export const isPin = (pin: string): boolean => /^[\p{L}\p{M}\p{N}]{4,12}$/u.test(pin);

export async function lockWithPin(pin: string, after: number): Promise<void> {
  const wrap: Wrap = { kind: 'pin', salt: newSalt(), iterations: ITERATIONS };
  await turned(async (id) => turnOn(await db(), id, wrap, await keyFromPin(pin, wrap as Wrap & { kind: 'pin' }), after));
}

/** `false`: the phone was not asked to the end, or cannot. */
export async function lockWithDevice(name: string, after: number): Promise<boolean> {
  const made = await makeDevice(name);
  if (!made) return false;
  const { credential, salt, secret } = made;
  const wrapping = await keyFromDevice(secret, salt);
  await turned(async (id) => turnOn(await db(), id, { kind: 'device', salt, credential }, wrapping, after));
  return true;
}

/** Only for somebody who could open it: an unlocked phone may be in another's hand. */
export const unlockForGood = (how: Attempt): Promise<Unlocked> => attempt(how, () => turned(async (id) => turnOff(await db(), id)));

/** The page goes on with everything it knows of this person. */
export const unlock = (how: Attempt): Promise<Unlocked> =>
  attempt(how, async () => {
    await loadSession();
    await welcome();
    // A lost subscription could not be made good while nobody could sign in.
    void import('../push/start').then(({ look }) => look()).catch(() => undefined);
  });

export type Attempt = { pin: string } | 'device';

async function attempt(how: Attempt, then: () => Promise<void>): Promise<Unlocked> {
  const [store, id] = [await db(), await whose()];
  const outcome = how === 'device' ? await openWithDevice(id) : await unlockWithPin(store, id, how.pin, Date.now());
  if (outcome === 'open') await then();
  return outcome;
}

async function openWithDevice(id: Uuid): Promise<Unlocked> {
  const store = await db();
  const own = (await keysIn(store, id))?.lock;
  const secret = own?.kind === 'device' ? await secretOf(own.credential, own.salt) : null;
  return secret && own && (await open(store, id, await keyFromDevice(secret, own.salt))) ? 'open' : 'wrong';
}

/** How long in the background. */
export async function lockAfter(after: number): Promise<void> {
  const id = await whose();
  const tx = (await db()).transaction('keys', 'readwrite', { durability: 'strict' });
  const keys: Keys | undefined = await tx.store.get(id);
  if (keys?.lock) await tx.store.put({ ...keys, lock: { ...keys.lock, after } });
  await tx.done;
  await lookAtLock();
}

async function turned(work: (id: Uuid) => Promise<void>): Promise<void> {
  await work(await whose());
  await lookAtLock();
  // Other tabs hold the key that was; they look again and stand before the lock.
  tellTabs();
}

/** A page that is loaded anew knows nothing of anybody, and says nothing more. What is half typed is kept first. */
export function lockNow(): void {
  if (!session.current) return;
  hush();
  document.documentElement.classList.add('covered');
  const typed = import('../shell/typed.svelte').then(({ keepTyped }) => keepTyped()).catch(() => undefined);
  const kept = Promise.all([typed, keepLooks(true)]);
  void atMost(kept).then(() => (canLoadAnew() ? location.reload() : lockHere()));
}

/** Else the browser's own page would stand there, without a number to ring: the app may not be stored, and there is no signal. */
const canLoadAnew = (): boolean => navigator.onLine || Boolean(navigator.serviceWorker?.controller);

/**
 * The next best: what this page knew of the person is let go of, and no view shows it any more. In the memory of the page the wording of a reminder
 * that could not be saved may stay (reminders/saving.ts). What stands in front of the lock waits for no store.
 */
async function lockHere(): Promise<void> {
  dropKeys();
  Object.assign(session, { current: null, locked: true, language: session.current?.language });
  await atMost(loadPerson().then(loadSession).then(loadPerson).catch((error) => console.warn('locking', error)));
  document.documentElement.classList.remove('covered');
  void import('./sending').then(({ startSending }) => startSending()).catch(() => undefined);
}
