import type { Uuid } from '../../shared/wire';
import type { Cached, Db, Personal, Rows } from './db';
import { openedAll, openedOf, rowsOf } from './opening';
import { fitting, full, isFull } from './quota.svelte';
import { Turn, type KeyOf } from './turn';
import { DEVICE } from './stored';

// The rows of a person: read, written and changed here, sealed and opened on the way. A transaction ends while one waits for anything else, so
// rows are sealed before it and opened after it. What is written because of what was read is written only if that is still so, else all of it
// is done again: two tabs never lose each other's change. In one tab they are worked off in the order they were asked for, and a reader waits for
// what was asked to be written before it (so `work` below reads by its turn only). A row that does not open is put aside (opening.ts); a locked app throws `Locked`.

let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}

export async function get<S extends Personal>(db: Db, store: S, key: KeyOf<S>): Promise<Rows[S] | undefined> {
  await last;
  const row = await db.get(store, key as never);
  return row && (await openedAll(db, store, [row]))[0];
}

/** Everything of this person in one store. */
export async function all<S extends Personal>(db: Db, store: S, clientId: Uuid): Promise<Rows[S][]> {
  await last;
  return openedOf(db, store, clientId);
}

/** All that is remembered of this person, by its name, as it is at one moment: what is written meanwhile waits, so that nothing older is shown over it. */
export const remembered = (db: Db, clientId: Uuid): Promise<Map<string, Cached>> =>
  inTurn(async () => new Map((await openedOf(db, 'cache', clientId)).map((row) => [row.name, row])));

/** What a locked app may still open: requests for contact on their way, and what was asked for since it was locked. */
export async function allWhileLocked<S extends Personal>(db: Db, store: S, clientId: Uuid): Promise<Rows[S][]> {
  await last;
  return openedAll(db, store, (await rowsOf(db, store, clientId)).filter((row) => row.by === DEVICE));
}

/** Which there are: no key is needed for that. */
export const ids = async (db: Db, store: Exclude<Personal, 'cache'>, clientId: Uuid): Promise<Uuid[]> => last.then(async () => (await db.getAllKeysFromIndex(store, 'client' as never, clientId as never)) as Uuid[]);

export type Options = {
  /** Only while this is who has joined: what comes after they have signed out is let go. */
  joined?: boolean;
  /** On the disk when this ends, not only handed over to be written. */
  strict?: boolean;
  /** A phone that is full lets go of pictures and texts for this; they come again. */
  mustFit?: boolean;
};

export const put = <S extends Personal>(db: Db, store: S, row: Rows[S], options?: Options): Promise<boolean> => change(db, row.client_id, (turn) => turn.put(store, row), options);

export const remove = <S extends Personal>(db: Db, store: S, key: KeyOf<S>): Promise<void> => inTurn(() => db.delete(store, key as never));

/** Keeps something of a person only while they are the one who has joined: an answer that comes after signing out is let go. */
export const remember = (db: Db, row: Cached): Promise<boolean> => put(db, 'cache', row, { joined: true });

/**
 * Reads and writes as one, all or nothing. `work` may run more than once, so it does nothing but ask its turn. Answers whether it was
 * written: `false` only where, with `joined`, somebody else has joined or nobody.
 */
export function change(db: Db, clientId: Uuid, work: (turn: Turn) => unknown, { joined = false, strict = false, mustFit = false }: Options = {}): Promise<boolean> {
  const go = async () => {
    for (;;) {
      const turn = new Turn(db, clientId);
      await work(turn);
      const outcome = await turn.write(joined, strict ? 'strict' : 'default');
      if (outcome !== 'again') return outcome === 'written';
    }
  };
  return inTurn(async () => {
    try {
      const written = await (mustFit ? fitting(db, go) : go());
      if (written) full.said = false;
      return written;
    } catch (error) {
      if (isFull(error)) Object.assign(full, { said: true, at: Date.now() });
      throw error;
    }
  });
}
/** What somebody asks for or says: on the disk when this ends, or it throws. Whoever has left meanwhile, in another tab, is told so and leaves nothing behind. */
export async function save(db: Db, clientId: Uuid, work: (turn: Turn) => unknown): Promise<void> {
  if (!(await change(db, clientId, work, { joined: true, strict: true, mustFit: true }))) throw new Error('Nobody has joined on this phone.');
}
export type { Turn };
