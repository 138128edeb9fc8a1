import type { Problem } from '../../../shared/api';
import type { Uuid } from '../../../shared/wire';
import { MOST, offered as offerable, type Kept, type Received, type Round, type SyncAnswer, type SyncRequest } from './request';
import { afterFailing, canGo, hangsOn, LAST_UNKNOWN, offers, type Book, type Ruled } from './rules';
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
  /** What was received long ago may go: nothing of it is still to be offered. */
  forgets?: boolean;
};

/** `entries`, `kept` (what was received) and `book` are as they are now, and not as they were when the request went. */
export function workIn<E extends Ruled>(entries: E[], kept: Kept[], book: Book, request: SyncRequest, answer: SyncAnswer, now: number): Change<E> {
  const outcomes = new Map(answer.operations.map((one) => [one.id, one]));
  const unsent = entries.filter(isUnsent);
  const change: Change<E> = { put: [], received: [], again: [], book, news: book.cursor === request.cursor };
  const offering = offers(book, kept);
  let last: Uuid | null = null;

  for (const { id } of request.operations) {
    const entry = unsent.find((one) => one.id === id);
    const said = outcomes.get(id);
    if (!entry) continue;
    if (said?.outcome === 'done' || said?.outcome === 'already_done') {
      change.received.push(entry);
      if (said.outcome === 'done') last = id;
    } else if (said?.outcome !== 'refused') {
      change.put.push(afterFailing(entry, now));
    } else if (!targetMayBeLost(entry)) {
      change.put.push({ ...entry, state: 'refused', reason: said.problem?.detail ?? said.problem?.title ?? null, not_before: null });
    }
  }
  // A second copy of an answer brings nothing back: the first has ended the offer.
  const offered = offering ? request.offered : undefined;
  if (offered) change.again = kept.filter(({ id }) => answer.missing.includes(id) && offered.includes(id)).map(({ id }) => id);
  const hearsOfAll = isOfAll();
  change.book = {
    cursor: change.news ? answer.cursor : book.cursor,
    ...(change.received.length || offered ? (last && hearsOfAll ? { last, last_at: answer.server_time } : LAST_UNKNOWN) : { last: book.last, last_at: book.last_at }),
    offer: answer.offer_again || (book.offer && !offered),
    doubts: book.doubts,
  };
  // A phone that was off for long still has to offer what it has.
  change.forgets = hearsOfAll && !change.book.offer;
  return change;

  /** The server may have refused it only because it has lost what it hangs on: that is offered first, and this waits. */
  function targetMayBeLost(entry: E): boolean {
    const lost = answer.offer_again || answer.missing.length > 0 || (!request.offered && offering);
    return hangsOn(entry).length > 0 && (lost || !canGo(entry, unsent));
  }
  /** What is already done may have been done before something else, and answers may cross: then what the server took last is not known. */
  function isOfAll(): boolean {
    // What was received beside the offer was not in it: then which of the two was last is not known either.
    if (offered) return new Set([...offered, ...offerable(kept)]).size === new Set(offered).size;
    return !request.offered && request.last === book.last && (request.last_at ?? null) === book.last_at && !offering;
  }
}

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

/** What the contact key did not get through. `null`: it says nothing about the request itself, as the page of a proxy does not, and is tried later. */
export function afterKey<E extends Ruled>(entry: E, { status, hasCode, message }: Pick<Problem, 'status' | 'hasCode' | 'message'>, now: number): E | null {
  if (failureOf(status) !== 'unfit') return null;
  if (![400, 409, 413, 422].includes(status)) return afterFailing(entry, now);
  return hasCode ? { ...entry, state: 'refused', reason: message } : null;
}

/** What was answered is not tried again in the same round. */
export const afterAnswer = (round: Round, request: SyncRequest): Round => ({
  tried: new Set([...round.tried, ...request.operations.map(({ id }) => id)]),
  most: MOST,
  alone: 0,
  offered: round.offered || request.offered !== undefined,
});

/** A cancel, and a person was asked for again after it: what stands is that they were. By when the server had each: a phone's clock may be put back. */
export function wasAskedAfter(cancel: Received, received: Received[], entries: Ruled[]): boolean {
  const is = ({ kind, id }: Pick<Ruled, 'kind' | 'id'>) => kind === 'contact_request' && id !== cancel.target;
  const after = (one: Received) => Date.parse(one.received_at) - Date.parse(cancel.received_at) || (one.id > cancel.id ? 1 : -1);
  return cancel.kind === 'contact_cancel' && (entries.some((one) => is(one) && isUnsent(one)) || received.some((one) => is(one) && after(one) > 0));
}

/** Waiting again, in its old order. */
export const waitingAgain = <E extends object>(kept: E): E & Pick<Ruled, 'state' | 'reason' | 'tries' | 'not_before'> => ({ ...kept, state: 'waiting', reason: null, tries: 0, not_before: null });
