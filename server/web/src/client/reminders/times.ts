import { clock, dayOf } from '../../shared/time';
import type { Day, Instant } from '../../shared/wire';
import type { Clock, ReminderSettings } from '../../shared/wire-reminders';

// The few times that the phone works out by itself: how long to put something off, and whether an hour is a quiet one.

const minutes = (time: Clock): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const MINUTE = 60_000;
const EVENING = '19:00';

/** This evening in `zone`, or null when it is nearly there or over. */
export function thisEvening(now: number, zone: string): Instant | null {
  const left = minutes(EVENING) - minutes(clock(now, zone));
  if (left < 90) return null;
  let at = Math.floor(now / MINUTE) * MINUTE + left * MINUTE;
  // Where the clocks change in between, it is an hour beside.
  at += (minutes(EVENING) - minutes(clock(at, zone))) * MINUTE;
  return new Date(at).toISOString();
}

export type Later = { key: 'row.minutes' | 'row.hour' | 'row.evening'; n: number; until: Instant };
export function laters(now: number, zone: string): Later[] {
  const after = (n: number): Instant => new Date(now + n * MINUTE).toISOString();
  const evening = thisEvening(now, zone);
  return [
    { key: 'row.minutes', n: 10, until: after(10) },
    { key: 'row.minutes', n: 30, until: after(30) },
    { key: 'row.hour', n: 60, until: after(60) },
    ...(evening ? [{ key: 'row.evening' as const, n: 0, until: evening }] : []),
  ];
}

/** Whether `time` falls into the quiet hours, and whether the phone still tells of it when they end: after three hours it is of no use. */
export function quietAt(time: Clock, settings: Pick<ReminderSettings, 'quiet_from' | 'quiet_until'> | undefined): 'no' | 'told_after' | 'not_told' {
  const { quiet_from: from, quiet_until: until } = settings ?? {};
  if (!time || !from || !until || from === until) return 'no';
  const inside = from < until ? time >= from && time < until : time >= from || time < until;
  if (!inside) return 'no';
  return (minutes(until) - minutes(time) + 1440) % 1440 <= 180 ? 'told_after' : 'not_told';
}

/** "London" of "Europe/London": a place, as people name it. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

export const zoneHere = (): string | null => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;

/** The Sunday of this week, as the last day of a pause. */
export function endOfWeek(today: Day): Day {
  const date = new Date(`${today}T12:00Z`);
  date.setUTCDate(date.getUTCDate() + ((7 - date.getUTCDay()) % 7));
  return dayOf(date, 'UTC');
}

export function daysAfter(day: Day, days: number): Day {
  const date = new Date(`${day}T12:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return dayOf(date, 'UTC');
}
