import type { Instant, Language, Uuid } from '../../shared/wire';
import type { Clock, Weekday } from '../../shared/wire-reminders';

// Check-ins by text, named as on the wire.

export type ByTextSettings = {
  number: string;
  items: Uuid[];
  days: Weekday[];
  time: Clock;
  language: string;
  /** The text says what is asked about; others may see it. */
  names_questions: boolean;
  from: string;
};

export type ByText = {
  /** This server can send texts and take what is answered. */
  possible: boolean;
  /** That texts are written in here; what is chosen beside it waits. Missing from an older server. */
  languages?: Language[];
  /** Null: never agreed. `waiting`: the number has not said yes. */
  state: 'waiting' | 'on' | 'ended' | null;
  agreed: { how: string; with: string | null; at: Instant } | null;
  settings: ByTextSettings | null;
  /** The question, word for word. */
  question: string | null;
  said_yes_at: Instant | null;
  ended_at: Instant | null;
  ended_by: string | null;
  last_text: { at: Instant; sent_at: Instant | null; problem: string | null } | null;
};

export type AgreedHow = 'in_person' | 'by_phone';
export type ByTextBody = Omit<ByTextSettings, 'from'> & { from?: string; agreed: AgreedHow };
