import { beforeEach, describe, expect, test } from 'vitest';
import type { MyReminders, Occurrence } from '../../shared/wire-reminders';
import { reminders } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { time } from '../store/now.svelte';
import { mine, type EntryOf } from '../store/outbox';
import { loadPending } from '../store/pending.svelte';
import { operation } from '../store/outbox/operation';
import { accept } from '../store/sender';
import { session } from '../store/session.svelte';
import { act } from './acts';
import { dueToday, nextToday, proposals, reminderById, shown, zoneInForce } from './view.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const at = (id: string, clock: string, more: Partial<Occurrence> = {}): Occurrence => ({
  id, reminder_id: 'a', date: '2026-11-22', time: clock, at: `2026-11-22T${clock}:00Z`, state: 'to_come', snoozed_until: null, reason: null,
  sent_at: null, delivered_at: null, seen_at: null, answered_at: null, by_check_in: false, ...more,
});
const known = (occurrences: Occurrence[], settings: Partial<MyReminders['settings']> = {}): MyReminders => ({
  reminders: [{
    id: 'a', change: 'a1', title: 'Tablets', note: null, about: 'own', plan_line: null, state: 'on', paused_until: null, by: { who: 'client', name: 'Jo' }, changed_at: '2026-11-01T10:00:00Z',
    schedule: { starts_on: '2026-11-01', times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null },
  }],
  occurrences,
  settings: { quiet_from: null, quiet_until: null, paused_until: null, follow_travel: false, zone: 'Europe/London', zone_here: 'Asia/Tokyo', discretion: 'neutral', calendar: false, ...settings },
});
const waiting = async () => (await mine(await db(), 'jo')) as EntryOf<'occurrence'>[];

beforeEach(async () => {
  const store = await db();
  for (const name of ['cache', 'outbox'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  time.now = Date.parse('2026-11-22T12:00:00Z');
  await loadPending('jo');
  await reminders.load('jo');
  await reminders.set('jo', known([at('1', '09:00', { state: 'due' }), at('2', '21:00')]));
});

describe('what somebody suggests', () => {
  const dee = { who: 'worker' as const, name: 'Dee' };
  const theirs = { change: 'a2', title: 'Tablets with supper', note: null, about: 'own' as const, plan_line: null, by: dee, changed_at: '2026-11-20T10:00:00Z',
    schedule: { starts_on: '2026-11-01', times: ['18:00'], repeat: { unit: 'day' as const, every: 1 }, ends: null } };
  const data = known([at('1', '09:00', { state: 'due' })]);
  const runs = { ...data.reminders[0]!, paused_until: '2026-11-20', proposal: theirs };

  test('in the place of what runs stands beside it, and hides nothing', async () => {
    await reminders.set('jo', { ...data, reminders: [runs] });
    const [offer, ...more] = proposals();
    expect([more.length, offer?.now, offer?.offered]).toMatchObject([0, { change: 'a1', title: 'Tablets' }, { id: 'a', change: 'a2', title: 'Tablets with supper', state: 'proposed', by: dee, paused_until: '2026-11-20' }]);
    expect([reminderById('a')?.title, reminderById('a2')?.title]).toEqual(['Tablets', 'Tablets with supper']);
    expect(dueToday().map((one) => one.reminder.title)).toEqual(['Tablets']);
  });

  test('that is new has nothing that it takes the place of', async () => {
    await reminders.set('jo', { ...data, reminders: [{ ...runs, state: 'proposed', proposal: null }] });
    expect(proposals()).toMatchObject([{ offered: { id: 'a', change: 'a1' }, now: null }]);
    await reminders.set('jo', data);
    expect(proposals(), 'an older server says nothing of it').toEqual([]);
  });
});

describe('what comes today', () => {
  test('is due when its time has come, and simply stands there', () => {
    expect(dueToday().map((one) => one.occurrence.id)).toEqual(['1']);
    expect(nextToday()?.occurrence.id).toBe('2');
  });

  test('is not asked for while everything is paused', async () => {
    await reminders.set('jo', known([at('1', '09:00', { state: 'not_told' })], { paused_until: '2026-11-22' }));
    expect(dueToday()).toEqual([]);
    await reminders.set('jo', known([at('1', '09:00', { state: 'due' })], { paused_until: '2026-11-21' }));
    expect(dueToday()).toHaveLength(1);
  });

  test('goes by the clock at home, or here if the person wants that', async () => {
    expect(zoneInForce()).toBe('Europe/London');
    await reminders.set('jo', known([], { follow_travel: true }));
    expect(zoneInForce()).toBe('Asia/Tokyo');
    await reminders.set('jo', known([], { follow_travel: true, zone_here: null }));
    expect(zoneInForce()).toBe('Europe/London');
  });
});

describe('an answer', () => {
  test('counts at once, and of several only the newest waits', async () => {
    await act(at('1', '09:00'), 'snooze', { until: '2026-11-22T12:30:00Z' });
    expect(shown()[0]).toMatchObject({ answer: 'snoozed', until: '2026-11-22T12:30:00Z', due: false, waiting: true });
    await act(at('1', '09:00'), 'done', { reason: '  after lunch ' });
    expect(shown()[0]).toMatchObject({ answer: 'done', reason: 'after lunch', due: false });
    expect((await waiting()).map(({ target, body }) => [target, body.act, body.reason, body.until])).toEqual([['1', 'done', 'after lunch', undefined]]);
  });

  test('that was put off is back when its time has come', async () => {
    await act(at('1', '09:00'), 'snooze', { until: '2026-11-22T12:30:00Z' });
    time.now = Date.parse('2026-11-22T12:31:00Z');
    expect(dueToday().map((one) => one.occurrence.id)).toEqual(['1']);
  });

  test('travels with what it answers, and what the server says to it is known at once', async () => {
    await act(at('1', '09:00'), 'skip', { reason: 'ill' });
    const entry = (await waiting())[0]!;
    expect(operation(entry).body).toEqual({ occurrence_id: '1', act: 'skip', reminder_id: 'a', date: '2026-11-22', time: '09:00', at: entry.created_at, reason: 'ill' });
    const answered = at('1', '09:00', { state: 'skipped', reason: 'ill', answered_at: '2026-11-22T12:00:00Z' });
    await accept(entry, answered);
    expect(reminders.data?.occurrences[0]).toEqual(answered);
  });
});
