import { say } from './i18n.svelte';
import type { Day, Instant } from './wire';

// Times as people say them, always in the person's own zone, never in the phone's. The clock comes in as an argument.

type Moment = Date | Instant | number;
type Parts = { day: Day; hour: number; minute: number };

const known = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = 'en-GB';
  const key = zone + JSON.stringify(options);
  let found = known.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    } catch {
      // A zone this browser has never heard of: most of our people live here.
      found = new Intl.DateTimeFormat(locale, { timeZone: 'Europe/London', ...options });
    }
    known.set(key, found);
  }
  return found;
}

function parts(moment: Moment, zone: string): Parts {
  const found: Record<string, string> = {};
  const numbers = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  for (const { type, value } of format(zone, numbers).formatToParts(new Date(moment))) found[type] = value;
  return { day: `${found.year}-${found.month}-${found.day}`, hour: Number(found.hour), minute: Number(found.minute) };
}

/** The calendar day in `zone`. */
export const dayOf = (moment: Moment, zone: string): Day => parts(moment, zone).day;

/** Whole days from `a` to `b`, by the calendar: no hour of a clock change counts. */
export const daysFrom = (a: Day, b: Day): number => Math.round((Date.parse(`${b}T00:00Z`) - Date.parse(`${a}T00:00Z`)) / 86_400_000);

/** "21:04" */
export function clock(moment: Moment, zone: string): string {
  const { hour, minute } = parts(moment, zone);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** "Monday", "3 November", or "3 November 2025" when that was another year. */
export function dayName(day: Day, today: Day): string {
  return isNear(day, today) ? weekday(day) : dateName(day, today);
}

const isNear = (day: Day, today: Day): boolean => Math.abs(daysFrom(day, today)) < 7;
/** "Monday", "dydd Llun": in Welsh the day's name begins with a word that has no capital inside a sentence. */
const weekday = (day: Day): string => calendar(noon(day), 'UTC', { weekday: 'long' }).replace(/^Dydd/, 'dydd');

/** "3 November", or "3 November 2025" when that was another year: for what stays on a page for long. */
export function dateName(day: Day, today: Day): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  return calendar(noon(day), 'UTC', { day: 'numeric', month: 'long', ...year });
}

type Named = { weekday?: 'long' | 'short'; day?: 'numeric'; month?: 'long' | 'short'; year?: 'numeric' };

/** In Welsh by names of our own: Chrome knows none, and browsers that do put them in another order. */
function calendar(date: Date, zone: string, shape: Named): string {
  const [days, short, months, few] = say('time.names').split(';').map((list) => list.split(' '));
  if (!days || !short || !months || !few) return format(zone, shape).format(date);
  const day = dayOf(date, zone);
  const [weekday, month] = [noon(day).getUTCDay(), Number(day.slice(5, 7)) - 1];
  return [
    shape.weekday && (shape.weekday === 'long' ? `Dydd ${days[weekday]}` : short[weekday]),
    shape.day && Number(day.slice(8)),
    shape.month && (shape.month === 'long' ? months : few)[month],
    shape.year && day.slice(0, 4),
  ].filter(Boolean).join(' ');
}

const noon = (day: Day): Date => new Date(`${day}T12:00:00Z`);

/** "Sat 21 Nov", for tables and axes. */
export const shortDay = (moment: Moment, zone: string): string => calendar(new Date(moment), zone, { weekday: 'short', day: 'numeric', month: 'short' });

/** "today", "yesterday evening", "tomorrow", "on Monday", "on 3 November" */
export function dayWords(moment: Moment, now: Moment, zone: string): string {
  const [then, today] = [parts(moment, zone), parts(now, zone)];
  const days = daysFrom(today.day, then.day);
  if (days === 0) {
    if (then.hour < 12) return say('time.this_morning');
    if (then.hour < 18) return say('time.this_afternoon');
    return say(then.hour < 21 ? 'time.this_evening' : 'time.tonight');
  }
  // Before five in the morning people still call it tonight, and the evening before is this one's.
  if (days === 1) return then.hour < 5 && today.hour >= 18 ? say('time.tonight') : say('time.tomorrow');
  if (days === -1) return then.hour >= 18 ? say('time.yesterday_evening') : say('time.yesterday');
  return say(isNear(then.day, today.day) ? 'time.on_weekday' : 'time.on', { day: dayName(then.day, today.day) });
}

/** "today at 21:04", "on Monday at 09:30": exact, for the ladder and for staff. */
export function exact(moment: Moment, now: Moment, zone: string): string {
  const days = daysFrom(dayOf(now, zone), dayOf(moment, zone));
  const day =
    days === 0 ? say('time.today') : days === -1 ? say('time.yesterday') : days === 1 ? say('time.tomorrow') : dayWords(moment, now, zone);
  return say('time.at', { day, time: clock(moment, zone) });
}

/** The ladder's short form: "21:04" today, "yesterday at 21:04" otherwise. */
export const clockToday = (moment: Moment, now: Moment, zone: string): string =>
  dayOf(moment, zone) === dayOf(now, zone) ? clock(moment, zone) : exact(moment, now, zone);

/** For a promise: "00:19" needs no "tomorrow" while it is this same night. */
export const clockSoon = (moment: Moment, now: Moment, zone: string): string =>
  Math.abs(new Date(moment).getTime() - new Date(now).getTime()) < 12 * 3_600_000 ? clock(moment, zone) : exact(moment, now, zone);

/** "tonight at ten", "tomorrow at half past nine", "this morning at 9:07": as one says it aloud. */
export const said = (moment: Moment, now: Moment, zone: string): string =>
  say('time.at', { day: dayWords(moment, now, zone), time: spoken(moment, zone) });

function spoken(moment: Moment, zone: string): string {
  const { hour, minute } = parts(moment, zone);
  if (minute === 0 && hour === 0) return say('time.midnight');
  if (minute === 0 && hour === 12) return say('time.midday');
  const name = (n: number, list: 'time.hours' | 'time.hours_at' = 'time.hours') => say(list).split(' ')[n % 12] ?? String(n);
  if (minute === 0) return say('time.hour', { hour: name(hour, 'time.hours_at') });
  if (minute === 15) return say('time.quarter_past', { hour: name(hour) });
  if (minute === 30) return say('time.half_past', { hour: name(hour) });
  if (minute === 45) return say('time.quarter_to', { hour: name(hour + 1, 'time.hours_at') });
  return clock(moment, zone);
}

/** At the head of a line: "On Monday at 09:30". */
export const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** "just now", "4 minutes ago", "3 hours ago", then the day. */
export function ago(moment: Moment, now: Moment, zone: string): string {
  const minutes = Math.floor((new Date(now).getTime() - new Date(moment).getTime()) / 60_000);
  if (minutes < 1) return say('time.just_now');
  if (minutes < 60) return say('time.minutes_ago', { n: minutes });
  if (minutes < 12 * 60) return say('time.hours_ago', { n: Math.floor(minutes / 60) });
  return exact(moment, now, zone);
}

export type PartOfDay = 'morning' | 'afternoon' | 'evening' | 'night';
export function partOfDay(now: Moment, zone: string): PartOfDay {
  const { hour } = parts(now, zone);
  if (hour >= 5 && hour < 12) return 'morning';
  if (hour >= 12 && hour < 18) return 'afternoon';
  return hour >= 18 && hour < 23 ? 'evening' : 'night';
}
