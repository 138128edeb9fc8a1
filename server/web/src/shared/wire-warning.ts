import type { Day, Instant, Labels, Sentences, Uuid } from './wire';
import type { Rule } from './wire-plan';
import type { WorkerRef } from './wire-team';

// Early warning as the team sees it: what is usual for a client, how readily a change is raised, and what it came to. Named as on the wire.

export type BaselineItem = {
  item_id: Uuid;
  text: string;
  /** How a sentence names it. A sign is named by its own words, so there it is the same as `text`. */
  short?: string;
  low: number;
  centre: number;
  high: number;
  /** Answered days it was taken from; null when a person set the numbers. */
  answers: number | null;
  /** A person changed what was proposed. */
  adjusted: boolean;
  scale: { min: number; max: number; labels: Labels; higher_is: 'better' | 'worse' };
};
export type AgreedHow = 'together' | 'on_phone';
export type BaselineState = 'proposed' | 'agreed' | 'declined' | 'withdrawn';
export type Baseline = {
  id: Uuid;
  state: BaselineState;
  first_day: Day;
  last_day: Day;
  items: BaselineItem[];
  /** The worker's words to the client. */
  words: string | null;
  proposed_by: WorkerRef | null;
  proposed_at: Instant;
  agreed_how: AgreedHow | null;
  answered_at: Instant | null;
  answer_words: string | null;
  in_force_from: Day | null;
  in_force: boolean;
};
export type Suggestion = { first_day: Day; last_day: Day; items: BaselineItem[] };
/** `history` is newest first and holds them all. */
export type ClientBaseline = { current: Baseline | null; proposed: Baseline | null; history: Baseline[]; suggestion: Suggestion };

export type Numbers = { item_id: Uuid; low: number; centre: number; high: number };
export type BaselineChange = { first_day: Day; last_day: Day; items: Numbers[] };
/** `seen` is what the replay of this very change answered. */
export type BaselineBody = BaselineChange & { id: Uuid; words?: string; agreed_how: AgreedHow; seen: string };

export type Sensitivity = 'sooner' | 'usual' | 'later';
export type RulesChange = { sensitivity: Sensitivity; silence: boolean };
export type PastRules = RulesChange & { why: string | null; changed_by: WorkerRef | null; changed_at: Instant };
export type WarningRules = RulesChange & {
  why: string | null;
  changed_by: WorkerRef | null;
  changed_at: Instant | null;
  /** The client's own choice; silence is a signal only if both say so. Missing = not known. */
  silence_counts?: boolean;
  history: PastRules[];
};
export type WarningRulesBody = RulesChange & { id: Uuid; why: string; seen: string };

export type Episode = { kind: 'early_warning' | 'silence'; level: 'watch' | 'alert'; first_day: Day; last_day: Day; sentence: string; sentences?: Sentences };
export type ReplayBody = { rules?: RulesChange; baseline?: BaselineChange; plan_rules?: Rule[] };
export type Replay = { from: Day; to: Day; now: Episode[]; then: Episode[]; seen: string };

/** A worker's note that it got worse and no flag came before. */
export type MissedWarning = { id: Uuid; noticed_on: Day; words: string | null; by: WorkerRef | null; at: Instant };

export type FlagCounts = {
  clients: number;
  workers: number;
  flags: number;
  by_kind: Partial<Record<'early_warning' | 'silence' | 'client_asked' | 'reminders', number>>;
  flags_per_worker_week: number | null;
  acknowledged: number;
  median_minutes_to_acknowledge: number | null;
  resolved: number;
  led_to_something: number;
  not_useful: number;
  client_said_one_off: number;
  missed: number;
};
/** Months newest first; a flag belongs to the month it was raised in. */
export type FlagFigures = { months: { month: string; services: ({ service_id: Uuid; service_name: string } & FlagCounts)[]; total: FlagCounts }[] };
