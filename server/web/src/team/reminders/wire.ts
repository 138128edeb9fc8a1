import type { Uuid } from '../../shared/wire';
import type { Occurrence, Reminder, ReminderBody, ReminderSettings } from '../../shared/wire-reminders';

// The team's side of reminders, named as on the wire.

export type ClientReminders = {
  reminders: Reminder[];
  settings: Pick<ReminderSettings, 'quiet_from' | 'quiet_until' | 'paused_until' | 'zone'>;
  /** The client lets the team see which ones were answered. */
  shared: boolean;
  /** The last 14 days; null when it is not shared. */
  occurrences: TeamOccurrence[] | null;
};

/** By the clock where the client is, and not where that is. Of what came while they were away no other times are told either. */
export type TeamOccurrence = Omit<Occurrence, 'at'>;

/** `together`: it is on at once. `on_phone`: it waits for the client's yes. */
export type AgreedHow = 'together' | 'on_phone';
export type TeamReminderBody = Omit<ReminderBody, 'state' | 'paused_until'> & { id: Uuid; agreed: AgreedHow };
