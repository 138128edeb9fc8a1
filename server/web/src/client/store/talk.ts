import { onlyOne, PATIENCE } from '../../shared/locks';
import type { Uuid } from '../../shared/wire';
import { db } from './db';
import { rowsOf, stamps } from './opening';
import { readBook } from './outbox/disk';
import type { Lane } from './outbox/request';
import { runRound, type Asking, type End } from './outbox/run';
import { hostFor } from './sender';

// The talk with the server. No view needs it, so it is no part of the first load: it comes right after.

/**
 * One tab at a time in each lane; one that the phone has stopped in the middle keeps nobody waiting, as sending a thing twice is free.
 * `changed`: other tabs must look.
 */
export async function talk(id: Uuid, lane: Lane, ask: Asking): Promise<{ end: End; changed: boolean }> {
  const before = await whereWeAre(id);
  const end = await onlyOne(`outbox-${lane}`, () => runRound(hostFor(id), lane, ask), PATIENCE);
  return { end, changed: (await whereWeAre(id)) !== before };
}

/** Nothing of the outbox need be opened for that. */
async function whereWeAre(id: Uuid): Promise<string> {
  const store = await db();
  const [rows, book] = await Promise.all([rowsOf(store, 'outbox', id), readBook(store, id)]);
  return `${book.cursor} ${JSON.stringify(book.doubts)} ${stamps('outbox', rows)}`;
}

export { askByKey, heedRevocation } from './sender';
