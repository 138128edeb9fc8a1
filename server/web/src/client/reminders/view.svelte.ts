import { clock, dayOf } from '../../shared/time';
import type { Day, Instant } from '../../shared/wire';
import type { Act, Clock, MyReminders, Occurrence, Reminder, ReminderSettings } from '../../shared/wire-reminders';
import { InOrder } from '../me/in_order';
import { reminders } from '../store/about';
import { time } from '../store/now.svelte';
import { pendingOf } from '../store/pending.svelte';
import { apiFor, session, zone } from '../store/session.svelte';

// Reminders as the views see them: what the server worked out, with what was answered on this phone laid over it.

/** Home, or where the phone is, if the person wants reminders to come along. */
export function zoneInForce(): string {
  const settings = reminders.data?.settings;
  if (!settings) return zone();
  return settings.follow_travel && settings.zone_here ? settings.zone_here : settings.zone;
}

export const today = (): Day => dayOf(time.now, zoneInForce());
export const clockNow = (): Clock => clock(time.now, zoneInForce());

/** `open`: nobody has said anything to it, and nobody has to. */
export type Answer = 'open' | 'done' | 'skipped' | 'snoozed';
export type Shown = {
  occurrence: Occurrence;
  reminder: Reminder;
  answer: Answer;
  until: Instant | null;
  reason: string | null;
  waiting: boolean;
  /** Why the server would not take it. */
  refused: string | null;
  /** Its time has come, or the time it was put off to. */
  due: boolean;
};

const ANSWER: Record<Act, Answer> = { done: 'done', skip: 'skipped', snooze: 'snoozed' };

export function shown(data: MyReminders | null = reminders.data): Shown[] {
  if (!data) return [];
  const known = new Map(data.reminders.map((one) => [one.id, one]));
  const here = new Map(pendingOf('occurrence').map((entry) => [entry.target, entry]));
  return data.occurrences.flatMap((occurrence): Shown[] => {
    const reminder = known.get(occurrence.reminder_id);
    if (!reminder) return [];
    const entry = here.get(occurrence.id);
    const state = occurrence.state;
    const answer = entry ? ANSWER[entry.body.act] : state === 'done' || state === 'skipped' || state === 'snoozed' ? state : 'open';
    const until = answer === 'snoozed' ? (entry ? (entry.body.until ?? null) : occurrence.snoozed_until) : null;
    return [{
      occurrence, reminder, answer, until,
      reason: entry ? (entry.body.reason ?? null) : occurrence.reason,
      waiting: entry !== undefined && entry.state !== 'refused',
      refused: entry?.state === 'refused' ? (entry.reason ?? '') : null,
      due: (answer === 'open' || answer === 'snoozed') && Date.parse(until ?? occurrence.at) <= time.now && !pausedUntil(data.settings.paused_until) && !pausedUntil(reminder.paused_until),
    }];
  }).sort((a, b) => Date.parse(a.occurrence.at) - Date.parse(b.occurrence.at));
}

/** What waits for an answer today; what was put off to another hour is back when that has come. */
export const dueToday = (list: Shown[] = shown()): Shown[] => list.filter((one) => one.due && one.occurrence.date === today());
/** The next thing that comes today. */
export const nextToday = (list: Shown[] = shown()): Shown | null =>
  list.find((one) => !one.due && (one.answer === 'open' || one.answer === 'snoozed') && one.occurrence.date === today() && Date.parse(one.until ?? one.occurrence.at) > time.now) ?? null;

/** What somebody suggests, as the reminder that it would be; `now` is the one in whose place it would come, if there is one. */
export type Offer = { offered: Reminder; now: Reminder | null };
function offerOf(one: Reminder): Offer[] {
  if (one.state === 'proposed') return [{ offered: one, now: null }];
  return one.proposal ? [{ offered: { ...one, ...one.proposal, state: 'proposed', by_plan: false, proposal: null }, now: one }] : [];
}
export const proposals = (): Offer[] => (reminders.data?.reminders ?? []).flatMap(offerOf);
/** By the id of the reminder as it stands, or of what is suggested in its place. */
export const reminderById = (id: string): Reminder | null =>
  reminders.data?.reminders.find((one) => one.id === id) ?? proposals().find(({ offered }) => offered.change === id)?.offered ?? null;
/** The server's own dates, never ours. */
export const comingOf = (id: string): Occurrence[] =>
  (reminders.data?.occurrences ?? []).filter((one) => one.reminder_id === id && Date.parse(one.at) > time.now && one.state === 'to_come').sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** The last day of a pause that is on today, or null. */
export const pausedUntil = (until: Day | null | undefined): Day | null => (until && until >= today() ? until : null);

/** Asks the server anew: what was just changed there changes what comes. */
export async function askAgain(): Promise<void> {
  const id = session.current?.client_id;
  if (id) await reminders.refresh(apiFor(id), id).catch(() => undefined);
}

const way = new InOrder();

/** Settings go straight to the server or not at all, so that what stands there is always what is so. Each answer tells of all of them: one goes after another. */
export async function saveSettings(change: Partial<Omit<ReminderSettings, 'zone' | 'calendar'>>): Promise<void> {
  const own = session.current;
  if (!own) return;
  await way.run(async () => {
    const settings = await apiFor(own.client_id).put<ReminderSettings>('/me/reminder-settings', change);
    if (reminders.data) await reminders.set(own.client_id, { ...reminders.data, settings });
    if ('paused_until' in change || 'follow_travel' in change || 'zone_here' in change) await askAgain();
  });
}
