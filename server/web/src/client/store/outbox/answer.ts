import type { Instant, Uuid } from '../../../shared/wire';
import type { Round, SyncAnswer, SyncRequest } from './request';
import { MOST } from './request';
import { afterFailing, type Book, type Ruled } from './rules';
import { isUnsent } from './waits';

// What an answer, or none, changes on the phone. An answer may come twice, late, or after a newer one: it says nothing about what waits no longer.

export type Change<E extends Ruled = Ruled> = {
  /** In the place of those with the same ids. */
  put: E[];
  /** These the server has: they leave the outbox, and are kept as received. */
  received: E[];
  /** Of what was kept as received the server has lost these: they wait again. */
  again: Uuid[];
  book: Book;
  /** Whether `changes` are news: a late answer brings none. */
  news: boolean;
};

/** `entries` and `book` are as they are now, and not as they were when the request went. */
export function workIn<E extends Ruled>(entries: E[], book: Book, request: SyncRequest, answer: SyncAnswer, now: number): Change<E> {
  const outcomes = new Map(answer.operations.map((one) => [one.id, one]));
  const open = new Map(entries.filter(isUnsent).map((entry) => [entry.id, entry]));
  const change: Change<E> = { put: [], received: [], again: [], book, news: book.cursor === request.cursor };
  let last: Uuid | null = null;

  for (const { id } of request.operations) {
    const entry = open.get(id);
    const said = outcomes.get(id);
    if (!entry) continue;
    if (said?.outcome === 'done' || said?.outcome === 'already_done') {
      change.received.push(entry);
      last = id;
    } else if (said?.outcome === 'refused') {
      change.put.push({ ...entry, state: 'refused', reason: said.problem?.detail ?? said.problem?.title ?? '' });
    } else {
      change.put.push(afterFailing(entry, now));
    }
  }
  const missing = new Set(answer.missing);
  const offered = change.news ? request.offered : undefined;
  // A second copy brings nothing back: the first has answered the offer.
  change.again = book.offer ? [...missing].filter((id) => request.offered?.includes(id)) : [];
  const known = offered?.find((id) => !missing.has(id)) ?? null;
  change.book = {
    ...(last ? withLast(book, last, answer.server_time) : offered ? { ...book, last: known, last_at: known && answer.server_time } : book),
    cursor: change.news ? answer.cursor : book.cursor,
    // What a late answer says was so once; whether it still is, offering will tell.
    offer: answer.offer_again || (book.offer && !offered) || (change.received.length > 0 && isBefore(answer.server_time, book)),
  };
  return change;
}

/** Two requests may be answered in the other order; the newest is what the server had last. */
export const withLast = (book: Book, last: Uuid, at: Instant): Book => (isBefore(at, book) ? book : { ...book, last, last_at: at });
const isBefore = (at: Instant, { last_at }: Book): boolean => last_at !== null && Date.parse(at) < Date.parse(last_at);

/** `away`: no answer, or one that says nothing about what was sent. `unfit`: something in it cannot even be carried. `over`: the session is. */
export type Failure = 'away' | 'unfit' | 'over';

const AWAY = [403, 404, 408, 425, 429, 502, 503, 504];
export const failureOf = (status: number): Failure => (status === 401 ? 'over' : AWAY.includes(status) ? 'away' : 'unfit');

/** `null`: this round is over. Halves, until the one that cannot be carried stands alone and only it is counted. */
export function afterFailure<E extends Ruled>(entries: E[], request: SyncRequest, failure: Failure, round: Round, now: number): { put: E[]; round: Round | null } {
  const ids = request.operations.map(({ id }) => id);
  if (failure !== 'unfit' || ids.length === 0) return { put: [], round: null };
  if (ids.length > 1) return { put: [], round: { ...round, most: Math.floor(ids.length / 2) } };
  const entry = entries.find((one) => one.id === ids[0] && isUnsent(one));
  return { put: entry ? [afterFailing(entry, now)] : [], round: { ...afterAnswer(round, request), alone: round.alone + 1 } };
}

/** What the contact key did not get through. `null`: it says nothing about the request itself. */
export function afterKey<E extends Ruled>(entry: E, status: number, detail: string, now: number): E | null {
  if (failureOf(status) !== 'unfit') return null;
  return [400, 409, 413, 422].includes(status) ? { ...entry, state: 'refused', reason: detail } : afterFailing(entry, now);
}

/** What was answered is not tried again in the same round. */
export const afterAnswer = (round: Round, request: SyncRequest): Round => ({
  tried: new Set([...round.tried, ...request.operations.map(({ id }) => id)]),
  most: MOST,
  alone: 0,
  offered: round.offered || request.offered !== undefined,
});

/** Waiting again, in its old order. */
export const waitingAgain = <E extends object>(kept: E): E & Pick<Ruled, 'state' | 'reason' | 'tries' | 'not_before'> => ({ ...kept, state: 'waiting', reason: null, tries: 0, not_before: null });
