import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { emptyBody } from '../../shared/plan/body';
import type { PlanBody, PlanVersion } from '../../shared/wire-plan';
import { db } from '../store/db';
import { mine } from '../store/outbox';
import { writeSession } from '../store/own';
import { get, put } from '../store/rows';
import { loadPending, pendingOf } from '../store/pending.svelte';
import { operation } from '../store/outbox/operation';
import { candidates } from '../store/outbox/rules';
import { accept } from '../store/sender';
import { session } from '../store/session.svelte';
import { agreedHere, draftForMe, plan, planToRead, waitingDraft } from './store.svelte';
import { agree, beginWriting, change, dropWriting, isWriting, keepWriting, needsLook, openWriting, overtaken, showToTeam, writing, written } from './writing.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const body = (...texts: string[]): PlanBody => ({ ...emptyBody(), keeps_well: texts.map((text) => ({ id: text, text, beside: null })) });
const version = (id: string, more: Partial<PlanVersion> = {}): PlanVersion => ({
  id, number: null, body: body('Tea'), based_on: null, written_at: '2026-11-20T10:00:00Z', by: { who: 'worker', name: 'Dee' }, merged: false, doubled: 0, client_agreed: null, worker_agreed: null, current: false, ...more,
});
const add = (text: string) => change((one) => (one.keeps_well = [...one.keeps_well, { id: text, text, beside: null }]));
const texts = (one: PlanBody | null | undefined) => one?.keeps_well.map((line) => line.text);
const show = async () => {
  const outcome = await showToTeam();
  await loadPending('jo');
  return outcome;
};
const refuse = async (id: string, reason: string) => {
  const store = await db();
  await put(store, 'outbox', { ...(await get(store, 'outbox', id))!, state: 'refused', reason });
  await loadPending('jo');
};
const outbox = () => db().then((store) => mine(store, 'jo'));

beforeEach(async () => {
  const store = await db();
  for (const name of ['cache', 'outbox'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  await loadPending('jo');
  await plan.load('jo');
  Object.assign(writing, { owner: null, ready: false, now: null, failed: false });
  await openWriting();
});

describe('what is being written', () => {
  test('is known to no page that stands in front of the lock, or whose person has signed out', async () => {
    add('A walk');
    await keepWriting();
    session.current = null;
    flushSync();
    expect(writing).toMatchObject({ owner: null, now: null });
    session.current = JO;
    await openWriting();
    expect(texts(written())).toEqual(['A walk']);
  });

  test('is on this phone alone, and is there again after a restart', async () => {
    await plan.set('jo', { current: version('v1', { current: true, number: 1 }), draft: null });
    add('A walk');
    await keepWriting();
    expect(await outbox()).toEqual([]);
    Object.assign(writing, { owner: null, ready: false, now: null });
    await openWriting();
    expect(texts(written())).toEqual(['Tea', 'A walk']);
    expect([writing.now?.based_on, isWriting()]).toEqual(['v1', true]);
  });

  test('begins with what is newest, and only looking begins nothing', async () => {
    await plan.set('jo', { current: version('v1', { current: true }), draft: version('v2', { body: body('Tea', 'Bees') }) });
    expect(texts(written())).toEqual(['Tea', 'Bees']);
    expect(writing.now).toBeNull();
    beginWriting();
    expect(isWriting()).toBe(false);
    expect(await show()).toBe('nothing');
  });

  test('that came to nothing does not hold on to an older plan', async () => {
    add(' ');
    await plan.set('jo', { current: version('v1', { current: true }), draft: null });
    expect(texts(written())).toEqual([' ']);
    await openWriting();
    expect([writing.now, texts(written())]).toEqual([null, ['Tea']]);
  });

  test('can be thrown away', async () => {
    add('A walk');
    await dropWriting();
    expect(await get(await db(), 'cache', ['jo', 'plan_writing'])).toBeUndefined();
    expect(texts(written())).toEqual([]);
  });

  test('does not change what the server knows, and says when that went on', async () => {
    const current = version('v1', { current: true });
    await plan.set('jo', { current, draft: null });
    add('A walk');
    expect(texts(current.body)).toEqual(['Tea']);
    expect(overtaken()).toBe(false);
    await plan.set('jo', { current, draft: version('v2') });
    expect(overtaken()).toBe(true);
  });

  test('of another person on this phone is not seen', async () => {
    add('A walk');
    await keepWriting();
    session.current = { ...JO, client_id: 'alex' };
    await openWriting();
    expect(writing.now).toBeNull();
  });
});

describe('shown to the team', () => {
  test('it is in the outbox, tidy, and no longer being written', async () => {
    await plan.set('jo', { current: version('v1', { current: true }), draft: null });
    add('  A   walk ');
    add(' ');
    expect(await show()).toBe('shown');
    const [entry] = pendingOf('plan_draft');
    expect([entry?.target, entry?.body.id, entry?.body.based_on, entry?.body.seen]).toEqual([null, entry?.id, 'v1', null]);
    expect(texts(entry?.body.body)).toEqual(['Tea', 'A walk']);
    expect(writing.now).toBeNull();
    expect(await get(await db(), 'cache', ['jo', 'plan_writing'])).toBeUndefined();
    expect(texts(planToRead())).toEqual(['Tea']);
  });

  test('a second one goes on from the first, and after it', async () => {
    add('Tea');
    await show();
    const first = waitingDraft()!;
    add('Bees');
    await show();
    const second = pendingOf('plan_draft').find((entry) => entry.id !== first.id)!;
    expect([second.body.based_on, texts(second.body.body)]).toEqual([first.id, ['Tea', 'Bees']]);
    await agree(second.id);
    const entries = await outbox();
    expect(candidates(entries, new Set(), Date.now())[0]?.id).toBe(first.id);
    expect(candidates(entries, new Set([first.id]), Date.now())[0]).toBeUndefined();
    expect(candidates(entries.filter((entry) => entry.id !== first.id), new Set(), Date.now())[0]?.id).toBe(second.id);
  });

  test('what was not taken opens again, on what it went on from, and goes in its place', async () => {
    await plan.set('jo', { current: version('v1', { current: true }), draft: null });
    add('A walk');
    await show();
    await refuse(waitingDraft()!.id, 'Look first.');
    add('Bees');
    expect([writing.now?.based_on, texts(written())]).toEqual(['v1', ['Tea', 'A walk', 'Bees']]);
    await show();
    expect((await outbox()).map(({ state }) => state)).toEqual(['waiting']);
  });

  test('not before a new rule was looked at; taking one out needs no look', async () => {
    const rule = { id: 'r', item_id: 'sleep', side: 'at_most' as const, value: 2, check_ins: 3, words: 'Ring me.', at_night: false };
    await plan.set('jo', { current: version('v1', { current: true, body: { ...body('Tea'), rules: [rule] } }), draft: null });
    change((one) => (one.rules = []));
    expect(needsLook()).toBe(false);
    change((one) => (one.rules = [rule, { ...rule, id: 'new' }]));
    expect(needsLook()).toBe(true);
    expect(await show()).toBe('look_first');
    expect(await outbox()).toEqual([]);
  });
});

describe('what the server says', () => {
  test('to a draft is known at once, also when it put two together', async () => {
    add('Tea');
    await show();
    const entry = waitingDraft()!;
    const merged = version('m', { merged: true, doubled: 1, by: { who: 'client', name: 'Jo' } });
    const { id: _, ...told } = entry.body;
    expect(operation(entry)).toEqual({ id: entry.id, kind: 'plan_draft', body: told });
    await accept(entry, merged);
    expect(plan.data).toEqual({ current: null, draft: merged });
    await (await db()).delete('outbox', entry.id);
    await loadPending('jo');
    expect(draftForMe()?.id).toBe('m');
  });

  test('to a yes makes it the plan when both have said it', async () => {
    await plan.set('jo', { current: null, draft: version('v2', { worker_agreed: { at: '2026-11-20T10:00:00Z', by: 'Dee' } }) });
    expect(draftForMe()?.id).toBe('v2');
    await agree('v2');
    await loadPending('jo');
    expect(draftForMe()).toBeNull();
    const agreed = version('v2', { current: true, number: 1 });
    const entry = agreedHere('v2')!;
    expect(operation(entry)).toEqual({ id: entry.id, kind: 'plan_agree', body: { version: 'v2' } });
    await accept(entry, agreed);
    expect(plan.data).toEqual({ current: agreed, draft: null });
  });

  test('to a yes that came too late is a refusal with its reason, and the plan waits again', async () => {
    await plan.set('jo', { current: null, draft: version('v2') });
    await agree('v2');
    await loadPending('jo');
    await refuse(agreedHere('v2')!.id, 'It has changed.');
    expect(draftForMe()?.id).toBe('v2');
  });
});
