import { describe, expect, test } from 'vitest';
import type { Reminder, Schedule } from '../../shared/wire-reminders';
import { asItIs, formOf, missing, scheduleOf, wantedOf, weekdayOf } from './form';
import { linesOf } from './lines';
import { inWords } from './plain';

const TODAY = '2026-11-22';
const reminder = (schedule: Schedule): Reminder => ({
  id: 'r', change: 'c', title: 'Tablets', note: null, about: 'own', plan_line: null, schedule, state: 'on', paused_until: '2026-11-30', by: { who: 'worker', name: 'Dee' }, changed_at: '2026-11-01T10:00:00Z',
});
const SCHEDULES: [Schedule, string][] = [
  [{ starts_on: '2026-11-23', times: ['09:00'], repeat: { unit: 'none', every: 1 }, ends: null }, 'Once, 23 November, at 09:00.'],
  [{ starts_on: '2026-11-01', times: ['09:00', '21:00'], repeat: { unit: 'day', every: 1 }, ends: null }, 'Every day, at 09:00 and 21:00.'],
  [{ starts_on: '2026-11-01', times: ['09:00'], repeat: { unit: 'day', every: 3 }, ends: { after: 10 } }, 'Every 3 days, at 09:00, on 10 days.'],
  [{ starts_on: '2026-12-01', times: ['08:15'], repeat: { unit: 'week', every: 1, weekdays: ['mo', 'th'] }, ends: { on: '2027-02-01' } }, 'Every Monday and Thursday, at 08:15, from 1 December, until 1 February 2027.'],
  [{ starts_on: '2026-11-01', times: ['08:15'], repeat: { unit: 'week', every: 2, weekdays: ['su'] }, ends: null }, 'Every 2 weeks, on Sunday, at 08:15.'],
  [{ starts_on: '2026-11-01', times: ['10:00'], repeat: { unit: 'month', every: 1, month: { day: 31 } }, ends: null }, 'Every month, on day 31, or its last day if it is shorter, at 10:00.'],
  [{ starts_on: '2026-11-01', times: ['10:00'], repeat: { unit: 'month', every: 1, month: { nth: -1, weekday: 'fr' } }, ends: null }, 'Every month, on the last Friday, at 10:00.'],
];

describe('a reminder in plain choices', () => {
  test('comes out as it went in, whatever its rule', () => {
    for (const [schedule] of SCHEDULES) expect(scheduleOf(formOf(reminder(schedule), TODAY))).toEqual(schedule);
  });

  test('is said in plain words', () => {
    for (const [schedule, words] of SCHEDULES) expect(inWords(schedule, TODAY)).toBe(words);
  });

  test('begins as something every day, with nothing in it yet', () => {
    const form = formOf(null, TODAY);
    expect(scheduleOf(form)).toEqual({ starts_on: TODAY, times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null });
    expect(missing(form)).toBe('make.need_title');
    expect(weekdayOf(TODAY)).toBe('su');
  });

  test('has its times in order, each once', () => {
    expect(scheduleOf({ ...formOf(null, TODAY), times: ['21:00', '', '09:00', '21:00'] }).times).toEqual(['09:00', '21:00']);
  });

  test('says what is missing, one thing at a time', () => {
    const form = { ...formOf(null, TODAY), title: 'Walk' };
    const lacks = (change: Partial<typeof form>) => missing({ ...form, ...change });
    expect(lacks({})).toBeNull();
    expect(lacks({ about: 'plan' })).toBe('make.need_line');
    expect(lacks({ title: '  ' })).toBe('make.need_title');
    expect(lacks({ starts_on: '' })).toBe('make.need_day');
    expect(lacks({ how: 'week', weekdays: [] })).toBe('make.need_weekday');
    expect(lacks({ times: [''] })).toBe('make.need_time');
    expect(lacks({ ends: 'on', ends_on: '2026-11-21' })).toBe('make.need_end');
    expect(lacks({ ends: 'after', ends_after: 0 })).toBe('make.need_count');
    expect(lacks({ ends: 'after', ends_after: null })).toBe('make.need_count');
    expect(lacks({ how: 'once', ends: 'after', ends_after: 0 }), 'what is not asked cannot be missing').toBeNull();
  });

  test('is sent in one line, switched on, and keeps its pause', () => {
    const before = reminder(SCHEDULES[0]![0]);
    expect(wantedOf({ ...formOf(before, TODAY), title: '  Take \n tablets ', note: ' ' }, before)).toMatchObject({ title: 'Take tablets', note: null, state: 'on', paused_until: '2026-11-30', plan_line: null });
    expect(asItIs({ ...before, state: 'proposed' })).toMatchObject({ title: 'Tablets', state: 'on' });
  });
});

test('lines of a plan are those that say what to do, each once', () => {
  const line = (id: string) => ({ id, text: `line ${id}`, beside: null });
  const empty = { keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], want: [], do_not_want: [], tell: [], do_not_tell: [], stages: [], people: [], rules: [] };
  expect(linesOf(null)).toEqual([]);
  expect(linesOf({ ...empty, keeps_well: [line('a')], works: [line('a'), line('b')], triggers: [line('x')], stages: [{ id: 's', name: 'One', signs: [], mine: [line('c')], workers: [line('y')], others: [] }] }).map((one) => one.id)).toEqual(['a', 'b', 'c']);
});
