import { Problem, Unreachable } from '../../../shared/api';
import { afterAnswer, afterFailure, afterKey, failureOf, workIn, type Change, type Failure } from './answer';
import { doubting, notOvertaken, settled, type Doubts } from './doubts';
import type { Operation } from './operation';
import { askFor, doubtful, lastOf, newRound, nextRequest, partsIn, type Kept, type Lane, type Part, type Round, type SyncAnswer, type SyncRequest } from './request';
import { LAST_UNKNOWN, type Book, type Ruled } from './rules';
import { isUnsent } from './waits';

// One round of talk with the server, over whatever the host brings: a store, a line, a clock. It may be killed between any two of its
// steps: everything that is written is written whole, and sending a thing again is free.

export interface Host<E extends Ruled = Ruled> {
  now(): number;
  read(): Promise<{ entries: E[]; received: Kept[]; book: Book }>;
  /** In one transaction, from what is in the store now. `at`: the moment by the server's clock. */
  change(at: string | null, work: (entries: E[], book: Book, received: Kept[]) => Change<E>): Promise<void>;
  send(request: SyncRequest): Promise<SyncAnswer>;
  /** Keeps what was answered to what was sent. It is done before `change`, so that a kill between the two loses nothing. */
  accept(answer: SyncAnswer): Promise<void>;
  /** Puts these parts in doubt; resolves to all that are. */
  doubt(parts: Part[]): Promise<Doubts>;
  /** Keeps what was `told`, where its doubt still stands; resolves to which of it is kept. Of the rest, what is not in doubt was confirmed. */
  take(request: SyncRequest, answer: SyncAnswer, told: Part[], doubts: Doubts): Promise<Part[]>;
  /** With the contact key, when the session does not help. Resolves to when the server says that it has it. */
  byKey(entry: E): Promise<string>;
  /** One answer at a time is worked in, over all tabs. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export type End = 'done' | Failure;

/** Which parts to hear of (`null`: all of them): with what is sent, and when nothing waits to be sent (`undefined`: then nothing is asked). */
export type Asking = { beside: Part[] | null; alone?: Part[] | null | undefined };

export async function runRound<E extends Ruled>(host: Host<E>, lane: Lane, { beside, alone }: Asking): Promise<End> {
  let round: Round = newRound();
  let asked = alone === undefined;
  /** How the last request failed, unless another was answered since. */
  let failed: Failure | null = null;
  const keyed = new Set<string>();
  for (;;) {
    const { entries, received, book } = await host.read();
    const sending = nextRequest(entries, received, book, round, host.now(), lane);
    const made = sending ? wanting(sending, beside) : asked ? null : asking(alone!, received, book);
    if (!made) return failed ?? 'done';
    const request = doubtful(made, book);
    /** Once in a round is enough. */
    const byKey = async (operations: Operation[]) => {
      const untried = operations.map(({ id }) => id).filter((id) => !keyed.has(id));
      for (const id of untried) keyed.add(id);
      if (lane === 'contact') await failOpen(host, entries, untried).catch(unlessUnreachable);
    };
    try {
      const answer = await host.send(request);
      await host.inTurn(() => keepAnswer(host, request, answer, book.doubts));
      asked = true;
      failed = null;
      round = afterAnswer(round, request);
      // Also one that a newer server has another word for.
      const settled = answer.operations.filter(({ outcome }) => ['done', 'already_done', 'refused'].includes(outcome)).map(({ id }) => id);
      await byKey(request.operations.filter(({ id }) => !settled.includes(id)));
    } catch (error) {
      // Whatever it was, and were it this phone's own: before anything is thrown on.
      if (!(error instanceof Unreachable)) await byKey(request.operations);
      const failure = failureFrom(error);
      const next = await afterFailing(host, request, failure, round);
      if (!next || (next.alone > 1 && !(await isWell(host, book.cursor)))) return failure;
      round = next;
      failed = failure;
    }
  }
}

/** Two alone have failed in a row: is it them, or does the server say so to everything? Then it is not asked a hundred times. */
const isWell = <E extends Ruled>(host: Host<E>, cursor: string | null): Promise<boolean> => host.send({ cursor, operations: [], last: null, want: [] }).then(() => true, unlessOther);

function unlessOther(error: unknown): false {
  failureFrom(error);
  return false;
}

/** How a request stands is asked every few seconds: what was received is not offered each time. */
const asking = (want: Part[] | null, received: Kept[], book: Book): SyncRequest =>
  want ? { cursor: book.cursor, operations: [], ...lastOf(book), want } : askFor([], received, book);

const wanting = (request: SyncRequest, want: Part[] | null): SyncRequest => (want && !request.want ? { ...request, want } : request);

/** `asked`: what was in doubt when the question went. */
export async function keepAnswer<E extends Ruled>(host: Host<E>, request: SyncRequest, answer: SyncAnswer, asked: Doubts): Promise<void> {
  const { book } = await host.read();
  const news = book.cursor === request.cursor;
  const changed = news ? partsIn(answer.changes) : [];
  const told = notOvertaken(changed, asked, book.doubts);
  await host.accept(answer);
  // Until where we are has moved on, what is taken from here on is not what the cursor says.
  const doubts = told.length || answer.operations.length ? await host.doubt(told) : book.doubts;
  const kept = news ? await host.take(request, answer, told, doubts) : [];
  await host.change(answer.server_time, (entries, now, received) => {
    const change = workIn(entries, received, now, request, answer, host.now());
    if (!change.news) return change;
    // What was not kept comes again from an older server too, if where we are is not moved on. Then all that was told stays in doubt.
    if (kept.length < changed.length) return { ...change, book: { ...change.book, cursor: now.cursor } };
    // What another answer has settled since is as of that one, and not of this.
    const another = changed.filter((part) => !(part in now.doubts));
    return { ...change, book: { ...change.book, doubts: doubting(settled(now.doubts, kept, doubts), another) } };
  });
}

const nothing = (book: Book): Change<never> => ({ put: [], received: [], again: [], book, news: false });

async function afterFailing<E extends Ruled>(host: Host<E>, request: SyncRequest, failure: Failure, round: Round): Promise<Round | null> {
  let next: Round | null = null;
  await host.change(null, (entries, book) => {
    const { put, round: then } = afterFailure(entries, request, failure, round, host.now());
    next = then;
    return { ...nothing(book), put };
  });
  return next;
}

/** Reaching out fails open: whatever stopped the session, short of no network, the key may still get through. An answer that is none ends it. */
export async function failOpen<E extends Ruled>(host: Pick<Host<E>, 'now' | 'change' | 'byKey'>, entries: E[], ids: string[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'contact_request' || !ids.includes(entry.id)) continue;
    const said = await host.byKey(entry).catch((error: unknown) => (error instanceof Problem ? error : Promise.reject(error)));
    const received = typeof said === 'string';
    if (!received && !afterKey(entry, said, host.now())) return;
    await host.change(received ? said : null, (now, book) => {
      const still = now.find((one) => one.id === entry.id && isUnsent(one));
      if (!still) return nothing(book);
      return received ? { ...nothing({ ...book, ...LAST_UNKNOWN }), received: [still] } : { ...nothing(book), put: [afterKey(still, said, host.now())!] };
    });
  }
}

function unlessUnreachable(error: unknown): void {
  if (!(error instanceof Unreachable)) throw error;
}

function failureFrom(error: unknown): Failure {
  if (error instanceof Problem) return failureOf(error.status);
  if (error instanceof Unreachable) return 'away';
  throw error;
}
