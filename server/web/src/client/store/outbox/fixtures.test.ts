import { expect, test } from 'vitest';
import fixtures from '../../../../../../mobile-shared/fixtures/outbox.json';
import { Problem } from '../../../shared/api';
import { afterFailure, afterKey, failureOf, waitingAgain, wasAskedAfter, workIn, type Change } from './answer';
import { doubting, notOvertaken, settled, type Doubts } from './doubts';
import { OWN_ID, TARGET } from './operation';
import { askFor, doubtful, newRound, nextRequest, type Received, type Round, type SyncAnswer, type SyncRequest } from './request';
import { candidates, KEPT, NEW_BOOK, type Book, type Ruled } from './rules';
import { backoff, replaces } from './waits';

// The same cases as the core of the native apps (mobile-shared/src/outbox/fixtures.rs says what is in the file). There what was received
// lies with the other entries; here it has a store of its own, so it is taken apart before and put together after.

type Stored = Omit<Ruled, 'state'> & { state: string; received_at: string | null };
type Case = {
  name: string;
  now: string;
  entries: Stored[];
  many?: number;
  pad?: number;
  standing?: Partial<Book> & { session?: string };
  round?: { tried?: string[]; most?: number; ask?: boolean; refreshed?: boolean };
  sent?: { sync?: SyncRequest; then_in_doubt?: Doubts; by_key?: { id: string } };
  answer?: SyncAnswer;
  failure?: 'unreachable' | { status: { status: number; problem: { code?: string; detail?: string } | null } };
  expected: { sync?: SyncRequest; by_key?: string; entries?: Stored[]; standing?: Partial<Book>; parts?: string[]; then?: string; round?: { most: number } } | null;
};
/** As this app has it: the target beside the body, and an entry's own id in it. */
const asHere = <E extends Pick<Ruled, 'id' | 'kind' | 'body'>>(entry: E): E => {
  const body: Record<string, unknown> = { ...(entry.body as Record<string, unknown>), ...(OWN_ID.includes(entry.kind) ? { id: entry.id } : {}) };
  delete body[TARGET[entry.kind] ?? ''];
  return { ...entry, body };
};
const cases = (name: 'next' | 'answered' | 'failed') => (fixtures as unknown as Record<string, Case[]>)[name]!.map((one) => [one.name, one] as const);

const many = ({ many = 0, pad = 1 }: Case): Stored[] =>
  Array.from({ length: many }, (_, n) => ({
    id: `00000000-0000-7000-8000-${(n + 1).toString(16).padStart(12, '0')}`, kind: 'check_in', target: null, body: { note: 'x'.repeat(pad) }, created_at: '2026-11-01T00:00:00Z',
    state: 'waiting', reason: null, received_at: null, tries: 0, not_before: null,
  }));
const given = (one: Case) => {
  const all = [...one.entries, ...many(one)];
  return {
    entries: all.filter(({ state }) => state !== 'received') as unknown as Ruled[],
    received: all.filter(({ state }) => state === 'received') as unknown as Received[],
    book: { ...NEW_BOOK, ...one.standing } as Book,
    round: { ...newRound(), ...one.round, tried: new Set(one.round?.tried) } as Round,
    now: Date.parse(one.now),
  };
};

test.each((fixtures as unknown as { keep: { name: string; entries: Ruled[]; tap: Ruled; expected: string[] }[] }).keep.map((one) => [one.name, one] as const))('keep: %s', (_, { entries, tap, expected }) => {
  const stays = entries.filter((one) => !replaces(tap, one));
  expect([...stays, tap].map(({ id }) => id).sort()).toEqual(expected);
});

test.each(cases('next'))('next: %s', (_, one) => {
  const { entries, received, book, round, now } = given(one);
  const { session = 'open' } = one.standing ?? {};
  // With the session over the host does not even ask: the contact key is all that is left (run.ts).
  if (session !== 'open') {
    const byKey = session === 'over' ? candidates(entries, round.tried, now).find(({ kind }) => kind === 'contact_request') : undefined;
    expect(byKey ? { by_key: byKey.id } : null).toEqual(one.expected);
    return;
  }
  const request = nextRequest(entries.map(asHere), received, book, round, now) ?? (one.round?.ask ? askFor([], received, book) : null);
  const operations = request?.operations.map(({ id, kind, body }) => (one.many ? { id, kind } : { id, kind, body }));
  expect(request && { sync: { ...doubtful(request, book), operations } }).toEqual(one.expected);
});

test.each(cases('answered'))('answered: %s', (_, one) => {
  const { entries, received, book, now } = given(one);
  const change = workIn(entries, received, book, one.sent!.sync!, one.answer!, now);
  expect(after(one, change, one.answer!.server_time, received)).toEqual(comparable(one.expected!.entries!));
  const asked: Doubts = one.sent!.then_in_doubt ?? Object.fromEntries((one.sent!.sync!.anew ?? []).map((part) => [part, book.doubts[part]]));
  const told = change.news ? notOvertaken(Object.keys(one.answer!.changes), asked, book.doubts) : [];
  const doubts = doubting(book.doubts, told);
  expect(pick({ ...change.book, doubts: settled(doubts, told, doubts) })).toEqual(pick({ ...NEW_BOOK, ...one.expected!.standing }));
  expect(told).toEqual(one.expected!.parts);
});

test.each(cases('failed'))('failed: %s', (_, one) => {
  const { entries, received, book, round, now } = given(one);
  const none: Change = { put: [], received: [], again: [], book, news: false };
  const { status, problem } = typeof one.failure === 'object' ? one.failure.status : { status: 0, problem: null };
  if (one.sent!.by_key) {
    const entry = entries.find(({ id }) => id === one.sent!.by_key!.id)!;
    // Where the server gives no words, each app has its own (shared/api.ts); the core of the native ones has the code.
    const put = status ? afterKey(entry, new Problem(status, { title: problem?.code ?? '', ...problem }), now) : null;
    expect(put ? 'go_on' : 'wait').toBe(one.expected!.then);
    expect(after(one, { ...none, put: put ? [put] : [] }, one.now, received)).toEqual(comparable(one.expected!.entries!));
    return;
  }
  const failed = afterFailure(entries, one.sent!.sync!, status ? failureOf(status) : 'away', round, now);
  expect(after(one, { ...none, put: failed.put }, one.now, received)).toEqual(comparable(one.expected!.entries!));
  // A new token after a 401 is asked for by shared/api.ts, once for each request; what comes here is what is left of it.
  if (one.expected!.then === 'refresh') return;
  expect(failed.round ? 'go_on' : 'wait').toBe(one.expected!.then);
  if (failed.round) expect(failed.round.most).toBe(one.expected!.round!.most);
});

test('pauses', () => {
  for (const [failures, urgent, seconds] of fixtures.pauses as [number, boolean, number][]) expect(backoff(failures, urgent)).toBe(seconds * 1000);
});

/** Everything on the phone afterwards, as disk.ts writes it. */
function after(one: Case, change: Change, at: string, received: Received[]): unknown[] {
  const all = new Map([...one.entries, ...many(one)].map((entry) => [entry.id, entry]));
  for (const entry of change.put) all.set(entry.id, { ...all.get(entry.id)!, ...entry } as Stored);
  for (const { id } of change.received) all.set(id, { ...all.get(id)!, state: 'received', received_at: at });
  for (const kept of received.filter(({ id }) => change.again.includes(id))) {
    all.delete(kept.id);
    if (!wasAskedAfter(kept, received, given(one).entries)) all.set(kept.id, { ...waitingAgain(kept), received_at: null } as Stored);
  }
  const old = Date.parse(at) - KEPT;
  if (change.forgets) for (const [id, { received_at }] of all) if (received_at && Date.parse(received_at) < old) all.delete(id);
  return comparable([...all.values()]);
}

const comparable = (entries: Stored[]) =>
  [...entries]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((entry) => {
      const { tries = 0, not_before, received_at, ...rest } = entry;
      const moment = (at: string | null | undefined) => (at ? Date.parse(at) : null);
      // How often something failed says nothing once it is received.
      return rest.state === 'received' ? { ...rest, received_at: moment(received_at), reason: null } : { ...rest, tries, not_before: moment(not_before), received_at: moment(received_at) };
    });
const pick = ({ cursor, last, last_at = null, offer, doubts }: Book) => ({ cursor, last, last_at, offer, doubts: Object.keys(doubts) });
