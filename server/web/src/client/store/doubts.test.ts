import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { Unreachable } from '../../shared/api';
import { flags } from './about';
import { db } from './db';
import type { SyncAnswer, SyncRequest } from './outbox/request';
import { runRound } from './outbox/run';
import { readBook } from './outbox/disk';
import { writeSession } from './own';
import { get, put } from './rows';
import { hostFor } from './sender';
import { apiFor, session } from './session.svelte';
import { loadPerson } from './sync.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const SEED = Number(import.meta.env.TEST_SEED || Date.now() % 2 ** 31);
const RUNS = 400;

/** What the server has of one part: now this, now that, and this again. */
let has = 'A';
const answer = () => ({ items: [], next_cursor: has });
const shown = () => flags.data?.next_cursor;
let asked: SyncRequest[] = [];
/** An older server does not know what is in doubt. */
let isOld = false;
/** What it tells beside, each time. */
let also = {};
/** As of when all that is shown was last confirmed. */
const asOf = async () => (await get(await db(), 'cache', ['jo', 'sync']))?.at;

type Fate = 'through' | 'lost' | 'answer lost';
type Step =
  /** Somebody else, or this person on another phone, changes it. */
  | 'flips'
  /** It is changed from this phone, which is told what it is now. */
  | 'changes'
  /** This part is asked for by itself. */
  | { asks: Fate }
  /** A round. Its answer comes after `meanwhile`; before it puts what was told in doubt, takes it or writes its book the phone may be `killed`, or more comes. */
  | ({ syncs: Fate } & Between);
type Between = { meanwhile: Step[]; before: 'doubt' | 'take' | 'book'; comes: Step[] | 'killed' };
const NOTHING: Between = { meanwhile: [], before: 'book', comes: [] };

class Killed extends Error {}

async function step(one: Step): Promise<void> {
  if (one === 'flips') has = has === 'A' ? 'B' : 'A';
  else if (one === 'changes') {
    await step('flips');
    await flags.set('jo', answer() as never);
  } else if ('asks' in one) {
    vi.stubGlobal('fetch', async () => (one.asks === 'through' ? Response.json(answer()) : Promise.reject(new TypeError('gone'))));
    await flags.refresh(apiFor('jo'), 'jo').catch(() => undefined);
  } else await round(one.syncs, one);
}

/** A round that comes through says what is so as of now, whatever came before it. */
async function looks(): Promise<void> {
  const before = new Date().toISOString();
  await round('through');
  expect(shown()).toBe(has);
  expect(flags.at! >= before).toBe(true);
}

async function round(fate: Fate, { meanwhile, before, comes }: Between = NOTHING): Promise<void> {
  const host = hostFor('jo');
  const { doubt, take, change } = host;
  const at = async (point: Between['before']) => {
    if (point !== before) return;
    if (comes === 'killed') throw new Killed();
    for (const one of comes) await step(one);
  };
  Object.assign(host, {
    async send(request: SyncRequest): Promise<SyncAnswer> {
      if (fate === 'lost') throw new Unreachable();
      asked.push(request);
      const isKnown = request.cursor === has && (isOld || !request.anew?.includes('flags'));
      const changes = { ...(isKnown ? {} : { flags: answer() }), ...also } as SyncAnswer['changes'];
      const said = { cursor: has, server_time: new Date().toISOString(), operations: [], changes, offer_again: false, missing: [] };
      for (const one of meanwhile) await step(one);
      if (fate === 'answer lost') throw new Unreachable();
      return said;
    },
    doubt: (parts) => at('doubt').then(() => doubt(parts)),
    take: (...told) => at('take').then(() => take(...told)),
    change: (...made) => at('book').then(() => change(...made)),
  } satisfies Partial<typeof host>);
  await runRound(host, 'rest', { beside: null, alone: null }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
    return begin();
  });
}

/** As the app begins: what it shows is what lies on the phone. */
async function begin(): Promise<void> {
  flags.clear();
  await loadPerson();
}

beforeEach(async () => {
  const store = await db();
  for (const name of ['cache', 'outbox', 'received', 'requests'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  vi.stubGlobal('navigator', Object.assign(navigator, { locks: undefined }));
  [has, isOld, asked, also] = ['A', false, [], {}];
  await begin();
});

test('promise: a list that is called current is what the server has, also where it was put back after this phone had learnt otherwise', async () => {
  const fate = fc.constantFrom<Fate>('through', 'through', 'lost', 'answer lost');
  const small = fc.oneof(fc.constantFrom<Step>('flips', 'changes'), fc.record({ asks: fate }));
  const between = { before: fc.constantFrom<Between['before']>('doubt', 'take', 'book'), meanwhile: fc.array(small, { maxLength: 3 }) };
  const beside = fc.oneof(small, fc.record({ ...between, syncs: fate, comes: fc.constant<Step[]>([]) }));
  const some = fc.array(beside, { maxLength: 3 });
  const syncs = fc.record({ ...between, syncs: fate, meanwhile: some, comes: fc.oneof(some, fc.constant('killed' as const)) });
  const any = fc.oneof({ weight: 3, arbitrary: small }, { weight: 3, arbitrary: syncs }, { weight: 1, arbitrary: fc.constant('looks' as const) });
  const histories = fc.asyncProperty(fc.array(any, { minLength: 2, maxLength: 10 }), async (steps) => {
    await (await db()).clear('cache');
    await begin();
    for (const one of steps) {
      if (one === 'looks') await looks();
      else await step(one);
    }
    await looks();
    await begin();
    await looks();
    expect((await readBook(await db(), 'jo')).doubts, 'nothing is asked for anew for ever').toEqual({});
  });
  await fc.assert(histories, { numRuns: RUNS, seed: SEED });
}, 120_000);

test('turned off and on again within a minute, and the second answer lost: the list is asked for anew, once', async () => {
  await round('through');
  await step('flips');
  await step({ asks: 'through' });
  await step('flips');
  await step({ asks: 'answer lost' });
  expect(shown()).toBe('B');
  await round('through');
  expect(shown()).toBe('A');
  await round('through');
  expect(asked.map(({ anew }) => anew)).toEqual([undefined, ['flags'], undefined]);
});

test('an answer that was overtaken while it was on its way is not shown in the place of what is newer', async () => {
  await round('through');
  await step('flips');
  await round('through', { ...NOTHING, meanwhile: ['flips', { asks: 'through' }] });
  expect([shown(), has]).toEqual(['A', 'A']);
});

test('a server that does not know what is in doubt leaves the list as of when it was learnt', async () => {
  isOld = true;
  await round('through');
  await step('changes');
  const [at, all] = [flags.at, await asOf()];
  await step('flips');
  await round('through');
  expect([shown(), flags.at, await asOf()]).toEqual(['B', at, all]);
});

test('what there was no room for comes again from an older server too', async () => {
  isOld = true;
  await round('through');
  await step('flips');
  vi.spyOn(flags, 'take').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  await round('through');
  expect(shown()).toBe('A');
  await looks();
});

test('killed between taking what was told and writing down where it is, and put back before it begins again', async () => {
  await round('through');
  await step('flips');
  await round('through', { ...NOTHING, comes: 'killed' });
  expect(shown()).toBe('B');
  await step('flips');
  await looks();
});

test('what is chosen while the first answer is on its way stays chosen, and is asked for anew', async () => {
  await round('through', { ...NOTHING, meanwhile: ['changes'] });
  expect(shown()).toBe('B');
  await looks();
  expect(asked.at(-1)!.anew).toEqual(['flags']);
});

test('two answers beside each other, as where a phone has no locks: none leaves an older list that is called current', async () => {
  const other: Step = { syncs: 'through', ...NOTHING };
  await round('through');
  for (const before of ['doubt', 'take', 'book'] as const) {
    await step('flips');
    await round('through', { meanwhile: [], before, comes: ['flips', other] });
    await looks();
    await step('changes');
    await round('through', { ...NOTHING, meanwhile: ['flips', other, 'flips'] });
    await looks();
  }
});

test('what only a newer server has is neither asked for anew nor in the way of what is as of now', async () => {
  also = { letters: [] };
  await round('through');
  expect(Date.parse((await asOf())!)).toBeGreaterThan(0);
  await round('through');
  expect(asked.map(({ anew }) => anew)).toEqual([undefined, undefined]);
});

test('how a request for contact stands is not as of now while that is in doubt', async () => {
  const heard_at = '2026-11-20T10:00:00.000Z';
  await put(await db(), 'requests', { id: 'r', client_id: 'jo', body: { requested_at: heard_at, when: 'now', how: 'call' }, answer: { id: 'r', state: 'received' } as never, by_key: null, heard_at });
  const stands = async () => (await get(await db(), 'requests', 'r'))!.heard_at;
  await loadPerson();
  await hostFor('jo').doubt(['contact_requests']);
  await round('through');
  expect(await stands()).toBe(heard_at);
  also = { contact_requests: { items: [], next_cursor: null } };
  await round('through');
  expect(await stands()).not.toBe(heard_at);
});

test('what an app of before has kept is in no doubt', async () => {
  await put(await db(), 'cache', { client_id: 'jo', name: 'sync', data: { cursor: 'A', last: null, last_at: null, offer: false }, etag: null, at: '' });
  expect((await readBook(await db(), 'jo')).doubts).toEqual({});
  await step('changes');
  await round('through');
  expect(asked[0]).toEqual({ cursor: 'A', operations: [], last: null, anew: ['flags'] });
});
