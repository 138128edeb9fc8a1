// Calendar days as the team reads them. All of them are days in the client's own zone, so nothing here knows a clock.
import { dateName, daysFrom } from '../../shared/time';
import type { Day } from '../../shared/wire';
import { t } from '../t';

export const dayAfter = (day: Day, days: number): Day => new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The four weeks that end yesterday: today may still bring an answer, and it would change the numbers under somebody's eyes. */
export const lastFourWeeks = (today: Day) => ({ first_day: dayAfter(today, -28), last_day: dayAfter(today, -1) });

/** "3 to 12 October", "28 September to 4 October", "3 October". The year is said where it is another one. */
export function range(first: Day, last: Day, today: Day): string {
  const end = dateName(last, today);
  if (first === last) return end;
  const start = first.slice(0, 7) === last.slice(0, 7) ? String(Number(first.slice(8))) : dateName(first, today);
  return t('days.range', { first: start, last: end });
}

export const dated = (text: string): text is Day => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** What is wrong with days that somebody typed, as a key of words; null = nothing. */
export function wrongDays(first: string, last: string, today: Day): 'baseline.days_missing' | 'baseline.days_order' | 'baseline.days_future' | null {
  if (!dated(first) || !dated(last)) return 'baseline.days_missing';
  if (daysFrom(first, last) < 0) return 'baseline.days_order';
  return daysFrom(today, last) > 0 ? 'baseline.days_future' : null;
}
