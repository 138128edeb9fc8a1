import { dateName } from '../../shared/time';
import type { Day } from '../../shared/wire';
import type { Schedule, Weekday } from '../../shared/wire-reminders';
import { r } from './words';

export const WEEKDAYS: Weekday[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

const joined = (words: string[]): string =>
  words.length < 2 ? (words[0] ?? '') : r('rule.and', { list: words.slice(0, -1).join(', '), last: words.at(-1) ?? '' });

/** A rule as one would say it: "Every Monday and Thursday, at 09:00 and 21:00, until 1 February." It says what was put, and reckons nothing. */
export function inWords({ starts_on, times, repeat, ends }: Schedule, today: Day): string {
  const day = (date: Day) => (/^\d{4}-\d\d-\d\d$/.test(date) ? dateName(date, today) : '…');
  const parts = [
    pattern(),
    ...(times.length ? [r('rule.at', { times: joined(times) })] : []),
    ...(repeat.unit !== 'none' && starts_on > today ? [r('rule.from', { day: day(starts_on) })] : []),
    ...(repeat.unit !== 'none' && ends ? ['on' in ends ? r('rule.until', { day: day(ends.on) }) : r('rule.after', { n: ends.after })] : []),
  ];
  return r('rule.end', { words: parts.join(', ') });

  function pattern(): string {
    const n = repeat.every;
    if (repeat.unit === 'none') return r('rule.once', { day: day(starts_on) });
    if (repeat.unit === 'day') return r('rule.day', { n });
    if (repeat.unit === 'week') {
      const chosen = WEEKDAYS.filter((one) => repeat.weekdays?.includes(one));
      return n === 1 && chosen.length === 7 ? r('rule.day', { n }) : r('rule.week', { n, days: joined(chosen.map((one) => r(`weekday.${one}`))) || '…' });
    }
    const month = repeat.month;
    if (!month) return r('make.every_month', { n });
    const which = 'nth' in month ? r(`rule.nth.${month.nth}`, { weekday: r(`weekday.${month.weekday}`) }) : r(month.day > 28 ? 'rule.on_date_or_last' : 'rule.on_date', { day: month.day });
    return r('rule.month', { n, which });
  }
}
