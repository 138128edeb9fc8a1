import { describe, expect, test } from 'vitest';
import type { MyReminders, Occurrence, Reminder } from '../shared/wire-reminders';
import { dueNow, stillOfUse } from './titles';

const NOW = Date.parse('2026-11-22T21:00:30Z');
const reminder = (id: string, title: string, state: Reminder['state'] = 'on'): Reminder => ({
  id, change: `${id}-1`, title, note: null, about: 'own', plan_line: null, state, paused_until: null, by: { who: 'client', name: 'Jo' }, changed_at: '2026-11-01T10:00:00Z',
  schedule: { starts_on: '2026-11-01', times: ['21:00'], repeat: { unit: 'day', every: 1 }, ends: null },
});
const at = (id: string, reminder_id: string, time: string, more: Partial<Occurrence> = {}): Occurrence => ({
  id, reminder_id, date: '2026-11-22', time, at: `2026-11-22T${time}:00Z`, state: 'to_come', snoozed_until: null, reason: null,
  sent_at: null, delivered_at: null, seen_at: null, answered_at: null, by_check_in: false, ...more,
});
const data = (occurrences: Occurrence[], reminders = [reminder('a', 'Tablets'), reminder('b', 'Wind down')]): MyReminders => ({
  reminders, occurrences,
  settings: { quiet_from: null, quiet_until: null, paused_until: null, follow_travel: false, zone: 'Europe/London', zone_here: null, discretion: 'words', calendar: false },
});
const titles = (known: MyReminders, told = {}) => dueNow(known, NOW, told).map((one) => one.title);

describe('the person’s own words', () => {
  test('are those of what is due, in order', () => {
    expect(titles(data([at('2', 'b', '21:00'), at('1', 'a', '20:30'), at('3', 'a', '21:30')]))).toEqual(['Tablets', 'Wind down']);
  });
  test('leave out what was answered, what is off, what is long over, and what nobody knows', () => {
    const gone = [at('1', 'a', '21:00', { state: 'done' }), at('2', 'a', '20:59', { state: 'skipped' }), at('3', 'a', '17:00'), at('4', 'off', '21:00'), at('5', 'nobody', '21:00')];
    expect(titles(data(gone, [reminder('a', 'Tablets'), reminder('off', 'Old', 'off')]))).toEqual([]);
  });
  test('are told once; what was put off is told again when it is back', () => {
    const one = at('1', 'a', '20:30');
    const told = { '1': Date.parse('2026-11-22T20:30:05Z') };
    expect(titles(data([one]), told)).toEqual([]);
    expect(titles(data([{ ...one, state: 'snoozed', snoozed_until: '2026-11-22T21:00:00Z' }]), told)).toEqual(['Tablets']);
  });
  test('a phone forgets what it told of long ago', () => {
    expect(stillOfUse({ old: NOW - 7 * 3_600_000, new: NOW - 60_000 }, NOW)).toEqual({ new: NOW - 60_000 });
  });
});
