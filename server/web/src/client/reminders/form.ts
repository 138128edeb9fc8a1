import type { Day, Uuid } from '../../shared/wire';
import type { Clock, Nth, Reminder, ReminderAbout, ReminderBody, Schedule, Weekday } from '../../shared/wire-reminders';
import type { ReminderKey } from './words';

// A reminder in plain choices, and back. What a person chose and then chose otherwise stays in the form, and is not sent.

export type Form = {
  about: ReminderAbout;
  plan_line: Uuid | null;
  title: string;
  note: string;
  how: 'once' | 'day' | 'week' | 'month';
  every: number;
  weekdays: Weekday[];
  by: 'day' | 'weekday';
  day: number;
  nth: Nth;
  weekday: Weekday;
  starts_on: Day;
  times: Clock[];
  ends: 'never' | 'on' | 'after';
  ends_on: Day;
  ends_after: number | null;
};

export const MOST_TIMES = 6;
const OF_DAY: Weekday[] = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];
export const weekdayOf = (day: Day): Weekday => OF_DAY[new Date(`${day}T12:00Z`).getUTCDay()] ?? 'mo';

export function formOf(reminder: Reminder | null, today: Day): Form {
  const schedule = reminder?.schedule;
  const { unit = 'day', every = 1, weekdays = [], month = null } = schedule?.repeat ?? {};
  const ends = schedule?.ends ?? null;
  return {
    about: reminder?.about ?? 'own',
    plan_line: reminder?.plan_line ?? null,
    title: reminder?.title ?? '',
    note: reminder?.note ?? '',
    how: unit === 'none' ? 'once' : unit,
    every,
    weekdays: weekdays.length ? [...weekdays] : [weekdayOf(today)],
    by: month && 'nth' in month ? 'weekday' : 'day',
    day: month && 'day' in month ? month.day : Number(today.slice(8)),
    nth: month && 'nth' in month ? month.nth : -1,
    weekday: month && 'nth' in month ? month.weekday : weekdayOf(today),
    starts_on: schedule?.starts_on ?? today,
    times: schedule ? [...schedule.times] : ['09:00'],
    ends: !ends ? 'never' : 'on' in ends ? 'on' : 'after',
    ends_on: ends && 'on' in ends ? ends.on : '',
    ends_after: ends && 'after' in ends ? ends.after : 7,
  };
}

export function scheduleOf(form: Form): Schedule {
  const times = [...new Set(form.times.filter(Boolean))].sort();
  const { starts_on, every } = form;
  if (form.how === 'once') return { starts_on, times, repeat: { unit: 'none', every: 1 }, ends: null };
  const ends = form.ends === 'on' ? { on: form.ends_on } : form.ends === 'after' ? { after: form.ends_after ?? 0 } : null;
  if (form.how === 'day') return { starts_on, times, repeat: { unit: 'day', every }, ends };
  if (form.how === 'week') return { starts_on, times, repeat: { unit: 'week', every, weekdays: OF_WEEK.filter((one) => form.weekdays.includes(one)) }, ends };
  return { starts_on, times, repeat: { unit: 'month', every, month: form.by === 'day' ? { day: form.day } : { nth: form.nth, weekday: form.weekday } }, ends };
}
const OF_WEEK: Weekday[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

export type Lack = ReminderKey & `make.need_${string}`;
export const lackId = (lack: Lack): string => lack.replace('.', '-');

/** How a field says that it is the one at fault, and where that is said. `hint`: what describes it in any case. */
export const faulty = (lacks: Lack | null, is: Lack, hint?: string) => ({
  'aria-invalid': lacks === is ? ('true' as const) : undefined,
  'aria-describedby': [hint, lacks === is ? lackId(is) : ''].filter(Boolean).join(' ') || undefined,
});

/** The first thing that is missing, by the key of the words that say so. The server has the last word. */
export function missing(form: Form): Lack | null {
  const schedule = scheduleOf(form);
  if (form.about === 'plan' && !form.plan_line) return 'make.need_line';
  if (!form.title.trim()) return 'make.need_title';
  if (!form.starts_on) return 'make.need_day';
  if (form.how === 'week' && form.weekdays.length === 0) return 'make.need_weekday';
  if (schedule.times.length === 0) return 'make.need_time';
  if (!schedule.ends) return null;
  if ('on' in schedule.ends) return schedule.ends.on >= form.starts_on ? null : 'make.need_end';
  const { after } = schedule.ends;
  return Number.isInteger(after) && after >= 1 && after <= 1000 ? null : 'make.need_count';
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

/** What goes to the server; without `change`, which belongs to one wording of it. */
export type Wanted = Omit<ReminderBody, 'change' | 'based_on'>;
export const wantedOf = (form: Form, before: Pick<Reminder, 'paused_until'> | null): Wanted => ({
  title: oneLine(form.title).slice(0, 80),
  note: form.note.trim().slice(0, 300) || null,
  about: form.about,
  plan_line: form.about === 'plan' ? form.plan_line : null,
  schedule: scheduleOf(form),
  state: 'on',
  paused_until: before?.paused_until ?? null,
});

/** The reminder as it is, to be sent with one thing changed. */
export const asItIs = ({ title, note, about, plan_line, schedule, state, paused_until }: Reminder): Wanted => ({
  title, note, about, plan_line, schedule, paused_until, state: state === 'off' ? 'off' : 'on',
});
