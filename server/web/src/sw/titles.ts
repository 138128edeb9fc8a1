import type { MyReminders, Occurrence } from '../shared/wire-reminders';

// Which of the person's own reminders a push is about. It carries none of their words, and not even which they are: the phone
// knows both. Only if what it finds fits what the server counted are the words filled in; otherwise the neutral ones stand.

/** As long as a reminder is of use (three hours), and a little for clocks that differ. */
const USEFUL = 3 * 3_600_000;
const EARLY = 2 * 60_000;

/** When an occurrence was last told of on this phone. */
export type Told = Record<string, number>;

const dueAt = (one: Occurrence): number => Date.parse(one.state === 'snoozed' && one.snoozed_until ? one.snoozed_until : one.at);

export function dueNow({ reminders, occurrences }: MyReminders, now: number, told: Told): { id: string; title: string }[] {
  const titles = new Map(reminders.filter((one) => one.state === 'on').map((one) => [one.id, one.title]));
  return occurrences
    .filter((one) => one.state !== 'done' && one.state !== 'skipped' && titles.has(one.reminder_id))
    .filter((one) => dueAt(one) <= now + EARLY && dueAt(one) > now - USEFUL && !((told[one.id] ?? 0) >= dueAt(one) - EARLY))
    .sort((a, b) => dueAt(a) - dueAt(b))
    .map((one) => ({ id: one.id, title: titles.get(one.reminder_id) ?? '' }));
}

/** Forgets what can no longer be of use. */
export const stillOfUse = (told: Told, now: number): Told => Object.fromEntries(Object.entries(told).filter(([, at]) => at > now - 2 * USEFUL));
