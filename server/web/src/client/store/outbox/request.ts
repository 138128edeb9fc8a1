import type { Instant, ProblemBody, Uuid } from '../../../shared/wire';
import { operation, type Operation } from './operation';
import { candidates, hangsOn, MOST_OFFERED, offers, type Book, type Ruled } from './rules';
import { isContact } from './waits';

// One request to POST /me/sync: what goes in it.

export type SyncRequest = {
  cursor: string | null;
  operations: Operation[];
  last: Uuid | null;
  /** Left out where it is not known, as in what an older app has kept. */
  last_at?: Instant;
  offered?: Uuid[];
  /** Which parts of what the server knows; left out, all of them. */
  want?: Part[];
  /** Parts to tell whatever the cursor says; an older server does not know this. */
  anew?: Part[];
};

/** Those that this app has a place for; a newer server may tell of more. */
const PARTS = ['me', 'items', 'check_ins', 'flags', 'cover', 'pack', 'plan', 'sharing', 'baseline', 'reminders', 'contact_requests', 'provider'] as const;
export type Part = (typeof PARTS)[number];
export const partsIn = (named: object): Part[] => PARTS.filter((part) => part in named);

export type Outcome = { id: Uuid; outcome: 'done' | 'already_done' | 'refused' | 'try_later'; problem: ProblemBody | null; answer: unknown };
export type SyncAnswer = {
  cursor: string;
  server_time: Instant;
  operations: Outcome[];
  changes: Partial<Record<Part, unknown>>;
  offer_again: boolean;
  missing: Uuid[];
  /** Parts that could not be told just now. An older server does not say. */
  untold?: string[];
};

/** An entry that the server has, kept for a while to be offered again. */
export type Received = Pick<Ruled, 'id' | 'kind' | 'body' | 'target' | 'created_at'> & { received_at: Instant };

/** What was tried since this round began, how many may go together, how many failed alone since the last answer, whether ours were offered. */
export type Round = { tried: ReadonlySet<Uuid>; most: number; alone: number; offered: boolean };
export const MOST = 200;
export const newRound = (): Round => ({ tried: new Set(), most: MOST, alone: 0, offered: false });

const MOST_BYTES = 64 * 1024;
const bytes = new TextEncoder();

/** Requests for contact have a lane of their own, so that they never wait behind a photo on a slow line. */
export type Lane = 'contact' | 'rest';
export type Kept = Pick<Received, 'id' | 'received_at'>;

/** `null`: nothing to send. A request for contact goes alone, small, and asks for little. `lane`: only what goes in this one. */
export function nextRequest(entries: Ruled[], received: Kept[], book: Book, round: Round, now: number, lane?: Lane): SyncRequest | null {
  const able = candidates(entries, round.tried, now);
  // Words for a request that the server may have lost go with the offer, or it would not know what to do with them.
  const isUrgent = (entry: Ruled) => isContact(entry.kind) && (hangsOn(entry).length === 0 || !offers(book, received));
  const urgent = able.filter(isUrgent);
  if (lane === 'contact' || (urgent.length && !lane)) {
    return urgent.length ? { cursor: book.cursor, operations: urgent.slice(0, round.most).map(operation), ...lastOf(book), want: ['contact_requests', 'cover'] } : null;
  }
  const operations = asManyAsFit(able.filter((entry) => !isUrgent(entry)), round.most);
  return operations.length || (book.offer && !round.offered) ? askFor(operations, received, book) : null;
}

/** Asks what is new, with these. Whoever offers anew does not say what was last. */
export const askFor = (operations: Operation[], received: Kept[], book: Book): SyncRequest => ({
  cursor: book.cursor,
  operations,
  ...(offers(book, received) ? { last: null, offered: offered(received) } : lastOf(book)),
});

/** Names what is in doubt, of what it asks for. */
export function doubtful(request: SyncRequest, { doubts }: Book): SyncRequest {
  const anew = partsIn(doubts).filter((part) => !request.want || request.want.includes(part));
  return anew.length ? { ...request, anew } : request;
}

export const lastOf = ({ last, last_at }: Book): Pick<SyncRequest, 'last' | 'last_at'> => (last && last_at ? { last, last_at } : { last });

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
export const offered = (received: Kept[]): Uuid[] =>
  [...received].sort((a, b) => Date.parse(b.received_at) - Date.parse(a.received_at) || (a.id < b.id ? 1 : -1)).slice(0, MOST_OFFERED).map(({ id }) => id);
