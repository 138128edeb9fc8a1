import type { Instant, Uuid } from '../../../shared/wire';
import type { Cached, Db, Received } from '../db';
import { mine, type Entry } from '../outbox';
import { forgetReceived } from '../forgetting';
import { change as changeRows, get, type Turn } from '../rows';
import { rowsOf } from '../opening';
import { DEVICE, type StoredRow } from '../stored';
import { waitingAgain, wasAskedAfter, type Change } from './answer';
import { BOOK, doubt, type Doubts } from './doubts';
import type { Kept } from './request';
import { KEPT, LAST_UNKNOWN, NEW_BOOK, type Book } from './rules';

// The outbox, what was received and the book of the talk with the server, as they are in the store.

export type Sendable = { entries: Entry[]; received: Kept[]; book: Book };

export async function read(db: Db, clientId: Uuid): Promise<Sendable> {
  const [entries, received, row] = await Promise.all([mine(db, clientId), rowsOf(db, 'received', clientId), get(db, 'cache', [clientId, BOOK])]);
  // Of what was received, ids and moments are all that is needed, and need no key.
  return { entries, received: received as Sendable['received'], book: bookOf(row, received) };
}

/** What became of what waited. */
export function writeDown(turn: Turn, made: Pick<Change<Entry>, 'put' | 'received'>, at: Instant | null): void {
  for (const entry of made.put) {
    // A search that the server does not want is nothing that the person has to know or could mend.
    if (entry.kind === 'pack_search' && entry.state === 'refused') turn.delete('outbox', entry.id);
    else turn.put('outbox', entry);
  }
  for (const entry of made.received) {
    turn.delete('outbox', entry.id);
    turn.put('received', { ...entry, received_at: at ?? entry.created_at });
  }
}

/**
 * The book as it is to be read. Something that a locked app has sent by the contact key lies here sealed as such until it is taken in: as
 * long as it does, nobody knows what the server took last.
 */
function bookOf(row: Cached | undefined, received: StoredRow[]): Book {
  const book: Book = { ...NEW_BOOK, ...(row?.data as Partial<Book> | undefined) };
  return received.some(({ by }) => by === DEVICE) ? { ...book, ...LAST_UNKNOWN } : book;
}

/** What a locked app has sent becomes one of the things that were received, and the book says for itself that more was taken than it knows of. */
export async function takeInReceived(turn: Turn, clientId: Uuid, id: Uuid): Promise<Received | undefined> {
  const kept = await turn.get('received', id);
  const row = await turn.get('cache', [clientId, BOOK]);
  if (row) turn.put('cache', { ...row, data: { ...(row.data as Book), ...LAST_UNKNOWN } });
  if (kept) turn.put('received', kept);
  return kept;
}

/** The book alone, as an answer is worked in: of all that is in doubt after this. */
export async function doubtParts(db: Db, clientId: Uuid, parts: string[]): Promise<Doubts> {
  let doubts: Doubts = {};
  await changeRows(db, clientId, async (turn) => (doubts = await doubt(turn, clientId, parts)), { joined: true, mustFit: true });
  return doubts;
}

export const readBook = async (db: Db, clientId: Uuid): Promise<Book> => bookOf(await get(db, 'cache', [clientId, BOOK]), []);

/** `at`: the moment by the server's clock. `asOf`: when all that is shown was last confirmed. */
export async function change(db: Db, clientId: Uuid, { at, asOf }: { at: Instant | null; asOf: Instant | null }, work: (entries: Entry[], book: Book, received: Kept[]) => Change<Entry>): Promise<void> {
  let forgets = false;
  await changeRows(db, clientId, async (turn) => {
    const row = await turn.get('cache', [clientId, BOOK]);
    const received = await rowsOf(db, 'received', clientId);
    const entries = await turn.all('outbox');
    const made = work(entries, bookOf(row, received), received as Sendable['received']);
    forgets = made.forgets ?? false;
    writeDown(turn, made, at);
    const lost = (await Promise.all(made.again.map((id) => turn.get('received', id)))).filter((kept) => kept !== undefined);
    // All of it is opened only for a cancel.
    const all = lost.some(({ kind }) => kind === 'contact_cancel') ? await turn.all('received') : [];
    for (const kept of lost) {
      const { received_at: _, ...entry } = kept;
      turn.delete('received', kept.id);
      if (!wasAskedAfter(kept, all, entries)) turn.put('outbox', waitingAgain(entry) as Entry);
    }
    turn.put('cache', { client_id: clientId, name: BOOK, data: made.book, etag: null, at: asOf ?? row?.at ?? '' });
  }, { joined: true, mustFit: true });
  // By the server's clock, which does not jump.
  if (at && forgets) await forgetReceived(db, new Date(Date.parse(at) - KEPT).toISOString());
}
