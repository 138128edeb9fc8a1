import type { Day, Instant, Uuid } from './wire';
import type { By } from './wire-plan';

// Reminders as the phone and the team's app know them, named as on the wire.

/** "21:00", by the clock on the wall where the person is. */
export type Clock = string;
export type Weekday = 'mo' | 'tu' | 'we' | 'th' | 'fr' | 'sa' | 'su';
/** -1 is the last one of the month. */
export type Nth = 1 | 2 | 3 | 4 | -1;

export type Repeat = {
  unit: 'none' | 'day' | 'week' | 'month';
  /** 1 to 52. */
  every: number;
  /** Of a week, at least one. */
  weekdays?: Weekday[];
  /** A day past the end of a shorter month is its last day. */
  month?: { day: number } | { nth: Nth; weekday: Weekday } | null;
};
/** `after` counts days on which it happens. */
export type Ends = { on: Day } | { after: number };
/** At most six times of a day, the earliest first. */
export type Schedule = { starts_on: Day; times: Clock[]; repeat: Repeat; ends: Ends | null };

export type ReminderAbout = 'check_in' | 'plan' | 'own';

export type Reminder = {
  id: Uuid;
  /** This wording of it. */
  change: Uuid;
  title: string;
  note: string | null;
  about: ReminderAbout;
  plan_line: Uuid | null;
  schedule: Schedule;
  /** `proposed`: a worker suggests it, and the client has not answered. */
  state: 'proposed' | 'on' | 'off';
  /** The last day of the pause. */
  paused_until: Day | null;
  by: By;
  changed_at: Instant;
  /** It was turned off because the agreed plan no longer has its line. Missing = it was not. */
  by_plan?: boolean;
  /** What a worker proposes in its place. What stands goes on as it is until the client says yes. Missing = nothing waits. */
  proposal?: Proposal | null;
};
/** Answered by a change that is based on it: "on" is yes, "off" is no. */
export type Proposal = Pick<Reminder, 'change' | 'title' | 'note' | 'about' | 'plan_line' | 'schedule' | 'by' | 'changed_at'>;
/** `based_on` is the `change` it was made from. */
export type ReminderBody = {
  change: Uuid;
  based_on: Uuid | null;
  title: string;
  note: string | null;
  about: ReminderAbout;
  plan_line: Uuid | null;
  schedule: Schedule;
  state: 'on' | 'off';
  paused_until: Day | null;
};

export type OccurrenceState = 'to_come' | 'due' | 'done' | 'skipped' | 'snoozed' | 'missed' | 'not_told';
export type Occurrence = {
  id: Uuid;
  reminder_id: Uuid;
  date: Day;
  time: Clock;
  at: Instant;
  /** `missed`: nobody answered it, and the next day has begun. On a screen: "not answered". */
  state: OccurrenceState;
  snoozed_until: Instant | null;
  reason: string | null;
  sent_at: Instant | null;
  delivered_at: Instant | null;
  seen_at: Instant | null;
  answered_at: Instant | null;
  by_check_in: boolean;
};

export type Act = 'done' | 'snooze' | 'skip';
export type ActBody = {
  id: Uuid;
  reminder_id: Uuid;
  date: Day;
  time: Clock;
  at: Instant;
  /** Of a snooze. */
  until?: Instant;
  reason?: string | null;
};

export type Discretion = 'words' | 'neutral' | 'hidden';
export type ReminderSettings = {
  quiet_from: Clock | null;
  quiet_until: Clock | null;
  paused_until: Day | null;
  follow_travel: boolean;
  /** Home, an IANA zone. */
  zone: string;
  zone_here: string | null;
  discretion: Discretion;
  /** There is a calendar link. */
  calendar: boolean;
};

export type MyReminders = { reminders: Reminder[]; occurrences: Occurrence[]; settings: ReminderSettings };
