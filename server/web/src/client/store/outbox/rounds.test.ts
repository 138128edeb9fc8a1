import { expect, test } from 'vitest';
import fixtures from '../../../../../../mobile-shared/fixtures/outbox.json';
import { Problem, Unreachable } from '../../../shared/api';
import type { Received, SyncAnswer } from './request';
import { NEW_BOOK, type Book, type Ruled } from './rules';
import { doubting } from './doubts';
import { runRound, type Host } from './run';

// Whole rounds, as the core of the native apps has them (mobile-shared/src/outbox/fixtures.rs says what is in the file). Here a round has two
// lanes, one after the other.

type Come = 'unreachable' | { status: { status: number; problem: object | null } } | { all: string };
type Case = { name: string; now: string; entries: (Omit<Ruled, 'state'> & { state: string; received_at: string | null })[]; many?: number; standing?: Partial<Book>; come: Come[]; expected: { requests: unknown[]; states: string[] } };

/** A phone in memory, with `come` in turn for whatever it asks. */
function phone({ now, entries, many = 0, standing, come }: Case) {
  const checkIns = Array.from({ length: many }, (_, n) => ({ id: `00000000-0000-7000-8000-${(n + 1).toString(16).padStart(12, '0')}`, kind: 'check_in', target: null, body: {}, created_at: '2026-11-01T00:00:00Z', state: 'waiting', reason: null }));
  const rows = new Map<string, Case['entries'][number]>([...entries, ...(checkIns as never[] as Case['entries'])].map((one) => [one.id, one]));
  const requests: unknown[] = [];
  let book: Book = { ...NEW_BOOK, ...standing };
  let turn = 0;
  const next = (): string => {
    const comes = come[Math.min(turn++, come.length - 1)]!;
    if (comes === 'unreachable') throw new Unreachable();
    if ('all' in comes) return comes.all;
    const { status, problem } = comes.status;
    // As shared/api.ts reads what is no JSON.
    throw !problem && status >= 502 ? new Unreachable() : new Problem(status, problem ?? {});
  };
  const lists = () => ({
    entries: [...rows.values()].filter(({ state }) => state !== 'received') as unknown as Ruled[],
    received: [...rows.values()].filter(({ state }) => state === 'received') as unknown as Received[],
  });
  const host: Host = {
    now: () => Date.parse(now),
    read: async () => ({ ...lists(), book }),
    async change(at, work) {
      const { entries, received } = lists();
      const made = work(entries, book, received);
      book = made.book;
      for (const entry of made.put) rows.set(entry.id, { ...rows.get(entry.id)!, ...entry });
      for (const { id } of made.received) rows.set(id, { ...rows.get(id)!, state: 'received', received_at: at });
    },
    async send({ operations, want }) {
      if (operations.length || want) requests.push({ sync: operations.length });
      const outcome = next();
      return { cursor: String(turn), server_time: now, operations: operations.map(({ id }) => ({ id, outcome, problem: null, answer: null })), changes: {}, offer_again: false, missing: [] } as SyncAnswer;
    },
    doubt: async (parts) => (book = { ...book, doubts: doubting(book.doubts, parts) }).doubts,
    accept: async () => undefined,
    take: async (_request, _answer, told) => told,
    async byKey({ id }) {
      requests.push({ by_key: id });
      next();
      return now;
    },
    inTurn: (work) => work(),
  };
  return { host, requests, states: () => [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ state }) => state) };
}

test.each((fixtures as unknown as { rounds: Case[] }).rounds.map((one) => [one.name, one] as const))('round: %s', async (_, one) => {
  const { host, requests, states } = phone(one);
  if ((await runRound(host, 'contact', { beside: null })) === 'done') await runRound(host, 'rest', { beside: null });
  expect({ requests, states: states() }).toEqual(one.expected);
});

test('by the key nothing goes twice in a round, however often the session has to halve', async () => {
  const [{ entries, ...rest }] = (fixtures as unknown as { rounds: [Case] }).rounds;
  const says = (status: number) => ({ status: { status, problem: { code: 'no' } } });
  const both = [entries[0]!, { ...entries[0]!, id: '019ab000-0000-7000-8000-000000000002' }];
  const { host, requests, states } = phone({ ...rest, entries: both, come: [says(500), says(503), says(500)] });
  await runRound(host, 'contact', { beside: null });
  expect(requests.filter((one) => 'by_key' in (one as object))).toEqual([{ by_key: both[0]!.id }]);
  expect(states()).toEqual(['waiting', 'waiting']);
});
