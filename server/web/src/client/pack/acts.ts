import { uuidv7 } from '../../shared/uuid';
import type { Uuid } from '../../shared/wire';
import type { AdditionBody, Mark } from '../../shared/wire-my-pack';
import { db } from '../store/db';
import { keep, keepNewest, type Entry } from '../store/outbox';
import { save } from '../store/rows';
import { pending } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';
import { markFor, mine, ownById } from './view.svelte';

// What a person does with their pack. Each is on the phone's disk before it shows, and goes when there is signal.

export const MOST_FIRST_AID = 12;

type Made = { [K in Entry['kind']]: Pick<Extract<Entry, { kind: K }>, 'kind' | 'body' | 'target'> }[Entry['kind']];

function entry(made: Made, id = uuidv7()): Entry {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  return { ...made, id, client_id: own.client_id, created_at: new Date().toISOString(), state: 'waiting', reason: null };
}

// One after the other: a mark is written whole, so each must start from the one before it.
let last: Promise<unknown> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  const turn = last.catch(() => undefined).then(work);
  last = turn;
  return turn;
}

export type Change = Partial<Omit<Mark, 'changed_at' | 'shared_at'>>;

/** Marks a resource; of an own addition only `shared` counts. */
export const mark = (id: Uuid, change: Change): Promise<void> =>
  inTurn(async () => {
    const before = { ...markFor(id), ...(ownById(id) ? { shared: ownById(id)!.shared } : {}) };
    const now = new Date().toISOString();
    const decided = change.shared === undefined ? {} : { shared_at: now };
    await keepNewest(await db(), entry({ kind: 'pack_feedback', target: id, body: { ...before, ...change, ...decided, changed_at: now } }));
    await nudge();
  });

/** `change` gets the box as it is when its turn comes. */
export const setFirstAid = (change: (ids: Uuid[]) => Uuid[]): Promise<void> =>
  inTurn(async () => {
    const ids = [...new Set(change([...(mine().first_aid ?? [])]))].slice(0, MOST_FIRST_AID);
    await keepNewest(await db(), entry({ kind: 'pack_first_aid', target: null, body: { ids, changed_at: new Date().toISOString() } }));
    await nudge();
  });

export const inFirstAid = (id: Uuid): boolean => mine().first_aid?.includes(id) ?? false;

export type NewThing = Omit<AdditionBody, 'made_at' | 'photo'> & { photo?: { type: string; bytes: ArrayBuffer } };

/** The words and the photo reach the disk together: only then is it called saved. */
export async function add({ photo, ...thing }: NewThing): Promise<Uuid> {
  const now = new Date();
  const id = uuidv7(now.getTime());
  // What the server would not take is not there to be replaced: the new one comes instead of it.
  const refused = pending.entries.find((one) => one.id === thing.replaces && one.state === 'refused');
  if (refused) delete thing.replaces;
  const body: AdditionBody = { ...thing, made_at: now.toISOString(), ...(photo ? { photo: base64(photo.bytes) } : {}) };
  const made = entry({ kind: 'pack_addition', target: null, body }, id);
  await save(await db(), made.client_id, (turn) => {
    turn.put('outbox', made);
    if (refused) turn.delete('outbox', refused.id);
    if (photo) turn.put('photos', { ...photo, id, client_id: made.client_id });
  });
  await nudge();
  return id;
}

/** Takes it off this phone at once, and off the provider's server when there is signal. */
export const remove = (id: Uuid): Promise<void> =>
  inTurn(async () => {
    const gone = entry({ kind: 'pack_addition_gone', target: id, body: {} });
    await save(await db(), gone.client_id, (turn) => {
      // It may be on its way already, so the server is told in any case.
      turn.delete('outbox', id);
      turn.delete('photos', id);
      for (const other of pending.entries) if (other.target === id) turn.delete('outbox', other.id);
      turn.put('outbox', gone);
    });
    await nudge();
  });

export async function countSearch(words: string): Promise<void> {
  await keep(await db(), entry({ kind: 'pack_search', target: null, body: { words, searched_at: new Date().toISOString() } }));
  await nudge();
}

function base64(bytes: ArrayBuffer): string {
  let text = '';
  const all = new Uint8Array(bytes);
  // In parts: a phone's stack does not take a whole photo as arguments.
  for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(text);
}
