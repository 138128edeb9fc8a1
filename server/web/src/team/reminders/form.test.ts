import { expect, it } from 'vitest';
import type { Reminder, Schedule } from '../../shared/wire-reminders';
import { formOf, missing, newest, scheduleOf, wantedOf, weekdayOf, worded } from './form';

const TODAY = '2026-11-22'; // a Sunday
const of = (schedule: Schedule) => ({ title: 'Tablets', note: null, about: 'own', plan_line: null, schedule }) as unknown as Reminder;

it('gives back every pattern as it was', () => {
  const patterns: Schedule[] = [
    { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'none', every: 1 }, ends: null },
    { starts_on: TODAY, times: ['09:00', '21:00'], repeat: { unit: 'day', every: 3 }, ends: { after: 10 } },
    { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'week', every: 1, weekdays: ['mo', 'tu', 'we', 'th', 'fr'] }, ends: { on: '2027-02-01' } },
    { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'week', every: 2, weekdays: ['mo', 'tu', 'we', 'th', 'fr'] }, ends: null },
    { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'month', every: 1, month: { day: 31 } }, ends: null },
    { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'month', every: 2, month: { nth: -1, weekday: 'fr' } }, ends: null },
  ];
  for (const one of patterns) expect(scheduleOf(formOf(of(one), TODAY))).toEqual(one);
  expect(patterns.map((one) => formOf(of(one), TODAY).how)).toEqual(['once', 'day', 'working', 'week', 'month_day', 'month_nth']);
});

it('puts times and days in order and leaves doubles and gaps out', () => {
  const form = { ...formOf(null, TODAY), how: 'week' as const, weekdays: ['th' as const, 'mo' as const], times: ['21:00', '', '09:00', '21:00'] };
  expect(scheduleOf(form)).toMatchObject({ times: ['09:00', '21:00'], repeat: { weekdays: ['mo', 'th'] } });
  expect(weekdayOf(TODAY)).toBe('su');
});

it('asks for what is missing, one thing at a time', () => {
  const form = formOf(null, TODAY);
  expect(missing(form)).toBe('remind.need_title');
  form.title = 'Tea';
  expect(missing(form)).toBeNull();
  expect(missing({ ...form, about: 'plan' })).toBe('remind.need_line');
  expect(missing({ ...form, how: 'week', weekdays: [] })).toBe('remind.need_weekday');
  expect(missing({ ...form, times: [''] })).toBe('remind.need_time');
  expect(missing({ ...form, ends: 'on' })).toBe('remind.need_end');
  expect(missing({ ...form, ends: 'on', ends_on: '2026-11-21' })).toBe('remind.need_end');
  expect(missing({ ...form, ends: 'after', ends_after: 0 })).toBe('remind.need_count');
  expect(missing({ ...form, how: 'once', ends: 'after', ends_after: 0 })).toBeNull();
});

it('sends no line of the plan where it is not about the plan', () => {
  expect(wantedOf({ ...formOf(null, TODAY), title: '  Tea   with Mair ', plan_line: 'k3' })).toMatchObject({ title: 'Tea with Mair', note: null, plan_line: null });
});

it('goes on from what waits, and is based on the last thing that anybody wrote', () => {
  const schedule: Schedule = { starts_on: TODAY, times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null };
  const runs = { ...of(schedule), id: 'r', change: 'c1', state: 'on', changed_at: '2026-11-20T10:00:00Z' } as Reminder;
  const proposal = { ...runs, change: 'c2', title: 'Later tablets', by: { who: 'worker' as const, name: 'Dee' }, changed_at: '2026-11-21T10:00:00Z' };
  expect([worded(runs), newest(runs)]).toEqual([runs, 'c1']);
  expect([worded({ ...runs, proposal }), newest({ ...runs, proposal })]).toMatchObject([{ id: 'r', title: 'Later tablets', state: 'proposed' }, 'c2']);
  expect(newest({ ...runs, proposal, changed_at: '2026-11-22T10:00:00Z' }), 'the client has changed what runs since').toBe('c1');
});
