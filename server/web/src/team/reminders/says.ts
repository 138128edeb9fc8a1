// A schedule as one would say it, and what became of one time of it. It says what was put, and reckons nothing.
import { clock, dateName } from '../../shared/time';
import type { Day } from '../../shared/wire';
import type { Schedule } from '../../shared/wire-reminders';
import { t } from '../t';
import { WEEKDAYS } from './form';
import type { TeamOccurrence } from './wire';

const list = (words: string[]): string => (words.length < 2 ? (words[0] ?? '…') : t('remind.and', { list: words.slice(0, -1).join(', '), last: words.at(-1)! }));

function pattern({ repeat, starts_on }: Schedule, today: Day): string {
  const n = repeat.every;
  if (repeat.unit === 'none') return t('remind.says.once', { day: starts_on ? dateName(starts_on, today) : '…' });
  if (repeat.unit === 'day') return t('remind.says.day', { n });
  if (repeat.unit === 'week') {
    const days = WEEKDAYS.filter((one) => repeat.weekdays?.includes(one));
    if (n === 1 && days.length === 7) return t('remind.says.day', { n });
    if (n === 1 && days.join() === WEEKDAYS.slice(0, 5).join()) return t('remind.says.working');
    return t('remind.says.week', { n, days: list(days.map((one) => t(`remind.weekday.${one}`))) });
  }
  const { month } = repeat;
  if (!month) return t('remind.says.month', { n, which: '…' });
  const which = 'day' in month ? t(month.day > 28 ? 'remind.says.date_or_last' : 'remind.says.date', { day: month.day }) : t('remind.says.nth', { nth: t(`remind.nth.${month.nth}`), weekday: t(`remind.weekday.${month.weekday}`) });
  return t('remind.says.month', { n, which });
}

/** "Every Monday and Thursday, at 09:00 and 21:00, until 1 February." */
export function says(schedule: Schedule, today: Day): string {
  const { starts_on, times, repeat, ends } = schedule;
  const parts = [pattern(schedule, today)];
  if (times.length > 0) parts.push(t('remind.says.at', { times: list(times) }));
  if (repeat.unit !== 'none' && starts_on > today) parts.push(t('remind.says.from', { day: dateName(starts_on, today) }));
  if (repeat.unit === 'none' || !ends) return `${parts.join(', ')}.`;
  if ('after' in ends) parts.push(t('remind.says.after', { n: ends.after || 0 }));
  else if (ends.on) parts.push(t('remind.says.until', { day: dateName(ends.on, today) }));
  return `${parts.join(', ')}.`;
}

/** What became of one, without a count and without blame. */
export function became(one: TeamOccurrence, zone: string): string {
  const time = (moment: string | null) => (moment ? clock(moment, zone) : '…');
  if (one.state === 'done') return one.by_check_in ? t('remind.became.by_check_in') : one.answered_at ? t('remind.became.done', { time: time(one.answered_at) }) : t('remind.became.done_some_time');
  if (one.state === 'snoozed') return !one.snoozed_until ? t('remind.became.snoozed_some_time') : t('remind.became.snoozed', { time: time(one.snoozed_until) });
  return t(`remind.became.${one.state}`);
}

/** Sent, reached the phone, opened: three different things, each said only when it is so. */
export const onTheWay = (one: TeamOccurrence, zone: string): string[] =>
  (['sent', 'delivered', 'seen'] as const).flatMap((step) => {
    const moment = one[`${step}_at`];
    return moment ? [t(`remind.way.${step}`, { time: clock(moment, zone) })] : [];
  });

/** Newest day first, and within a day as it went. Only what has begun. */
export function byDay(occurrences: TeamOccurrence[]): { day: Day; of: TeamOccurrence[] }[] {
  const days = new Map<Day, TeamOccurrence[]>();
  for (const one of [...occurrences].filter(({ state }) => state !== 'to_come').sort((a, b) => (a.time < b.time ? -1 : 1))) days.set(one.date, [...(days.get(one.date) ?? []), one]);
  return [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([day, of]) => ({ day, of }));
}
