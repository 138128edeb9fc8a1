import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { Unreachable } from '../../shared/api';
import { flags } from './about';
import { db } from './db';
import type { SyncAnswer, SyncRequest } from './outbox/request';
import { runRound } from './outbox/run';
import { readBook } from './outbox/disk';
import { writeSession } from './own';
import { put } from './rows';
import { hostFor } from './sender';
import { apiFor, session } from './session.svelte';
import { loadPerson, sync } from './sync.svelte';
import type { StoredSession } from './stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const SEED = Number(import.meta.env.TEST_SEED || Date.now() % 2 ** 31);
const RUNS = 300;

/** What the server has of one part: now this, now that, and this again. */
let has = 'A';
const answer = () => ({ items: [], next_cursor: has });
const shown = () => flags.data?.next_cursor;
let asked: SyncRequest[] = [];
/** An older server does not know what is in doubt. */
let isOld = false;

type Fate = 'through' | 'lost' | 'answer lost';
type Step =
  /** Somebody else, or this person on another phone, changes it. */
  | 'flips'
  /** It is changed from this phone, which is told what it is now. */
  | 'changes'
  /** This part is asked for by itself. */
  | { asks: Fate }
  /** A round. Its answer comes after `meanwhile`; before its book is written, for the first or the second time, it may be `killed` or more may be learnt. */
  | { syncs: Fate; meanwhile: Step[]; before: 1 | 2; comes: Step[] | 'killed' };

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

/** A round that comes through says what is so, whatever came before it. */
async function looks(): Promise<void> {
  await round('through');
  expect(shown()).toBe(has);
}

async function round(fate: Fate, { meanwhile, before, comes }: { meanwhile: Step[]; before: number; comes: Step[] | 'killed' } = { meanwhile: [], before: 1, comes: [] }): Promise<void> {
  const host = hostFor('jo');
  let writes = 0;
  const change = host.change;
  Object.assign(host, {
    async send(request: SyncRequest): Promise<SyncAnswer> {
      if (fate === 'lost') throw new Unreachable();
      asked.push(request);
      const changes = request.cursor === has && (isOld || !request.anew?.includes('flags')) ? {} : { flags: answer() };
      const said = { cursor: has, server_time: new Date().toISOString(), operations: [], changes, offer_again: false, missing: [] };
      for (const one of meanwhile) await step(one);
      if (fate === 'answer lost') throw new Unreachable();
      return said;
    },
    async change(...made: Parameters<typeof change>): Promise<void> {
      if (++writes === before) {
        if (comes === 'killed') throw new Killed();
        for (const one of comes) await step(one);
      }
      return change(...made);
    },
  });
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
  [has, isOld, asked] = ['A', false, []];
  await begin();
});

test('promise: a list that is called current is what the server has, also where it was put back after this phone had learnt otherwise', async () => {
  const fate = fc.constantFrom<Fate>('through', 'through', 'lost', 'answer lost');
  const small = fc.oneof(fc.constantFrom<Step>('flips', 'changes'), fc.record({ asks: fate }));
  const some = fc.array(small, { maxLength: 3 });
  const syncs = fc.record({ syncs: fate, meanwhile: some, before: fc.constantFrom<1 | 2>(1, 2), comes: fc.oneof(some, fc.constant('killed' as const)) });
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
  await round('through', { meanwhile: ['flips', { asks: 'through' }], before: 1, comes: [] });
  expect([shown(), has]).toEqual(['A', 'A']);
});

test('a server that does not know what is in doubt leaves the list as of when it was learnt', async () => {
  isOld = true;
  await round('through');
  await step('changes');
  const at = flags.at;
  await step('flips');
  await round('through');
  expect([shown(), flags.at]).toEqual(['B', at]);
  expect(sync.asOf).toBeNull();
});

test('what an app of before has kept is in no doubt', async () => {
  await put(await db(), 'cache', { client_id: 'jo', name: 'sync', data: { cursor: 'A', last: null, last_at: null, offer: false }, etag: null, at: '' });
  expect((await readBook(await db(), 'jo')).doubts).toEqual({});
  await step('changes');
  await round('through');
  expect(asked[0]).toEqual({ cursor: 'A', operations: [], last: null, anew: ['flags'] });
});
