import type { Instant, ProblemBody, Uuid } from '../../../shared/wire';
import { operation, type Operation } from './operation';
import { candidates, MOST_OFFERED, type Book, type Ruled } from './rules';
import { isContact } from './waits';

// One request to POST /me/sync: what goes in it.

export type SyncRequest = {
  cursor: string | null;
  operations: Operation[];
  last: Uuid | null;
  offered?: Uuid[];
  /** Which parts of what the server knows; left out, all of them. */
  want?: Part[];
};

export type Part = 'me' | 'items' | 'check_ins' | 'flags' | 'cover' | 'pack' | 'plan' | 'sharing' | 'baseline' | 'reminders' | 'contact_requests' | 'provider';

export type Outcome = { id: Uuid; outcome: 'done' | 'already_done' | 'refused' | 'try_later'; problem: ProblemBody | null; answer: unknown };
export type SyncAnswer = {
  cursor: string;
  server_time: Instant;
  operations: Outcome[];
  changes: Partial<Record<Part, unknown>>;
  offer_again: boolean;
  missing: Uuid[];
};

/** An entry that the server has, kept for a while to be offered again. */
export type Received = Pick<Ruled, 'id' | 'kind' | 'body' | 'target' | 'created_at'> & { received_at: Instant };

/** What was tried since this round began, how many may go together, how many failed alone since the last answer, whether ours were offered. */
export type Round = { tried: ReadonlySet<Uuid>; most: number; alone: number; offered: boolean };
export const MOST = 200;
export const newRound = (): Round => ({ tried: new Set(), most: MOST, alone: 0, offered: false });

const MOST_BYTES = 64 * 1024;
const bytes = new TextEncoder();

/** `null`: nothing to send. A request for contact goes alone, small, and asks for little. */
export function nextRequest(entries: Ruled[], received: Pick<Received, 'id' | 'received_at'>[], book: Book, round: Round, now: number): SyncRequest | null {
  const able = candidates(entries, round.tried, now);
  const urgent = able.filter(({ kind }) => isContact(kind));
  if (urgent.length) {
    return { cursor: book.cursor, operations: urgent.slice(0, round.most).map(operation), last: book.last, want: ['contact_requests', 'cover'] };
  }
  const operations = asManyAsFit(able, round.most);
  const offer = book.offer && !round.offered;
  return operations.length || offer ? askFor(operations, received, { ...book, offer }) : null;
}

/** Asks what is new, with these. Whoever offers anew does not say what was last: the server has just said that it knows nothing of it. */
export function askFor(operations: Operation[], received: Pick<Received, 'id' | 'received_at'>[], book: Book): SyncRequest {
  if (!book.offer) return { cursor: book.cursor, operations, last: book.last };
  return { cursor: book.cursor, operations, last: null, offered: offered(received) };
}

function asManyAsFit(entries: Ruled[], most: number): Operation[] {
  const taken: Operation[] = [];
  let size = 0;
  for (const one of entries.slice(0, most).map(operation)) {
    size += bytes.encode(JSON.stringify(one)).length;
    if (taken.length > 0 && size > MOST_BYTES) break;
    taken.push(one);
  }
  return taken;
}

/** The newest of what the server once had. */
const offered = (received: Pick<Received, 'id' | 'received_at'>[]): Uuid[] =>
  [...received].sort((a, b) => Date.parse(b.received_at) - Date.parse(a.received_at)).slice(0, MOST_OFFERED).map(({ id }) => id);
