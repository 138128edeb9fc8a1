// A reminder in plain choices, and back. What was chosen and then chosen otherwise stays in the form, and is not sent.
import type { Day, Uuid } from '../../shared/wire';
import type { Clock, Ends, Nth, Reminder, ReminderAbout, Repeat, Schedule, Weekday } from '../../shared/wire-reminders';
import type { TeamReminderBody } from './wire';

export const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const satisfies readonly Weekday[];
const WORKING = WEEKDAYS.slice(0, 5);
export const HOW = ['once', 'day', 'working', 'week', 'month_day', 'month_nth'] as const;
export const NTH = [1, 2, 3, 4, -1] as const satisfies readonly Nth[];
export const MOST_TIMES = 6;

/** On which days, in plain choices: of a reminder, and of a shift of the rota. */
export type DaysForm = {
  how: (typeof HOW)[number];
  every: number;
  weekdays: Weekday[];
  day: number;
  nth: Nth;
  weekday: Weekday;
  starts_on: Day;
  ends: 'never' | 'on' | 'after';
  ends_on: Day;
  ends_after: number;
};
export type Form = DaysForm & { title: string; note: string; about: ReminderAbout; plan_line: Uuid | null; times: Clock[] };

/** What waits for the client's yes, if anything, as the reminder that it would be; else the reminder as it stands. */
export const worded = (one: Reminder): Reminder => (one.proposal ? { ...one, ...one.proposal, state: 'proposed', by_plan: false } : one);
/** The last thing that anybody wrote: what a change of ours has to be based on. */
export const newest = (one: Reminder): Uuid => (one.proposal && one.proposal.changed_at >= one.changed_at ? one.proposal.change : one.change);

export const weekdayOf = (day: Day): Weekday => WEEKDAYS[(new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7]!;
const isWorking = (days: Weekday[]) => days.length === 5 && WORKING.every((one) => days.includes(one));

export function formOf(reminder: Reminder | null, today: Day): Form {
  const schedule: Schedule = reminder?.schedule ?? { starts_on: today, times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null };
  return {
    ...daysFormOf(schedule, today),
    title: reminder?.title ?? '',
    note: reminder?.note ?? '',
    about: reminder?.about ?? 'own',
    plan_line: reminder?.plan_line ?? null,
    times: [...schedule.times],
  };
}

export function daysFormOf({ starts_on, repeat, ends }: Omit<Schedule, 'times'>, today: Day): DaysForm {
  const { unit, every, weekdays = [], month = null } = repeat;
  const of: Record<Repeat['unit'], Form['how']> = {
    none: 'once',
    day: 'day',
    week: every === 1 && isWorking(weekdays) ? 'working' : 'week',
    month: month && 'nth' in month ? 'month_nth' : 'month_day',
  };
  return {
    how: of[unit],
    every,
    weekdays: weekdays.length > 0 ? [...weekdays] : [weekdayOf(today)],
    day: month && 'day' in month ? month.day : Number(today.slice(8)),
    nth: month && 'nth' in month ? month.nth : 1,
    weekday: month && 'nth' in month ? month.weekday : weekdayOf(today),
    starts_on,
    ends: !ends ? 'never' : 'on' in ends ? 'on' : 'after',
    ends_on: ends && 'on' in ends ? ends.on : '',
    ends_after: ends && 'after' in ends ? ends.after : 7,
  };
}

export function repeatOf({ how, every, weekdays, day, nth, weekday }: DaysForm): Repeat {
  if (how === 'once') return { unit: 'none', every: 1 };
  if (how === 'day') return { unit: 'day', every };
  if (how === 'working') return { unit: 'week', every: 1, weekdays: [...WORKING] };
  if (how === 'week') return { unit: 'week', every, weekdays: WEEKDAYS.filter((one) => weekdays.includes(one)) };
  return { unit: 'month', every, month: how === 'month_day' ? { day } : { nth, weekday } };
}

export const endsOf = (form: DaysForm): Ends | null =>
  form.how === 'once' || form.ends === 'never' ? null : form.ends === 'on' ? { on: form.ends_on } : { after: form.ends_after };

export function scheduleOf(form: Form): Schedule {
  const times = [...new Set(form.times.filter(Boolean))].sort();
  return { starts_on: form.starts_on, times, repeat: repeatOf(form), ends: endsOf(form) };
}

/** The first thing that has to be put right. The server has the last word. */
export function missing(form: Form): `remind.need_${'title' | 'line' | 'time'}` | MissingDay | null {
  if (!form.title.trim()) return 'remind.need_title';
  if (form.about === 'plan' && !form.plan_line) return 'remind.need_line';
  const days = missingDay(form);
  if (days === 'remind.need_weekday' || days === 'remind.need_day') return days;
  if (scheduleOf(form).times.length === 0) return 'remind.need_time';
  return days;
}

export type MissingDay = `remind.need_${'day' | 'weekday' | 'end' | 'count'}`;
export function missingDay(form: DaysForm): MissingDay | null {
  const ends = endsOf(form);
  if (form.how === 'week' && form.weekdays.length === 0) return 'remind.need_weekday';
  if (!form.starts_on) return 'remind.need_day';
  if (ends && 'on' in ends && !(ends.on >= form.starts_on)) return 'remind.need_end';
  if (ends && 'after' in ends && !(Number.isInteger(ends.after) && ends.after >= 1 && ends.after <= 1000)) return 'remind.need_count';
  return null;
}

/** What is sent, without what belongs to this one save. */
export const wantedOf = (form: Form): Omit<TeamReminderBody, 'id' | 'change' | 'based_on' | 'agreed'> => ({
  title: form.title.trim().replace(/\s+/g, ' '),
  note: form.note.trim() || null,
  about: form.about,
  plan_line: form.about === 'plan' ? form.plan_line : null,
  schedule: scheduleOf(form),
});
