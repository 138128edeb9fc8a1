import type { Day, Instant, Uuid } from '../../shared/wire';
import type { Clock, Ends, Repeat } from '../../shared/wire-reminders';
import type { WorkerRef } from '../../shared/wire-team';

// The rota, named as on the wire.

export type Line = 'first' | 'second';
export type ShiftKind = 'day_support' | 'sleeping_night' | 'waking_night' | 'on_call';
export type ServiceRef = { id: Uuid; name: string };

/** `until` that is not after `from` is on the next day. `worker_id` null: nobody's yet. */
export type PatternBody = {
  id: Uuid;
  line: Line;
  kind: ShiftKind;
  worker_id: Uuid | null;
  starts_on: Day;
  from: Clock;
  until: Clock;
  repeat: Repeat;
  ends: Ends | null;
};
export type Pattern = PatternBody & { worker: WorkerRef | null };

export type Shift = {
  pattern_id: Uuid;
  date: Day;
  line: Line;
  kind: ShiftKind;
  from: Instant;
  until: Instant;
  worker: WorkerRef | null;
  /** For some of it, perhaps for a while that is over: `awayFor` in days.ts says how much of what is to come. */
  away: boolean;
  swapped: boolean;
  /** Only of shifts that are on, or begin within 24 hours. */
  ready: 'ready' | 'not_ready' | 'asked' | null;
  answered_at: Instant | null;
};
export type Hole = { line: Line; from: Instant; until: Instant };

export type Swap = {
  id: Uuid;
  service_id: Uuid;
  shift: Shift;
  /** Who has it, and who takes it. */
  giver: WorkerRef | null;
  to: WorkerRef | null;
  in_return: Shift | null;
  giver_yes_at: Instant | null;
  taker_yes_at: Instant | null;
  state: 'waiting' | 'agreed' | 'declined' | 'withdrawn' | 'too_late';
  by: WorkerRef | null;
  words: string | null;
};
export type ShiftName = { pattern_id: Uuid; date: Day };
export type SwapBody = ShiftName & { service_id: Uuid; to: Uuid; in_return: ShiftName | null; words: string | null };

export type Why = 'ill' | 'leave' | 'other';
/** Why somebody is away is theirs: it may be kept back. */
export type Absence = { id: Uuid; worker: WorkerRef | null; from: Instant; until: Instant | null; why?: Why | null };
export type AbsenceBody = { worker_id: Uuid; from: Instant; until: Instant | null; why: Why };

export type Handover = { id: Uuid; at: Instant; by: WorkerRef | null; words: string };

export type Rota = {
  service: ServiceRef;
  id: Uuid | null;
  /** 0: none has been published yet. */
  number: number;
  published_at: Instant | null;
  published_by: WorkerRef | null;
  zone: string;
  catch_all: WorkerRef | null;
  may_change: boolean;
  patterns: Pattern[];
  shifts: Shift[];
  holes: Hole[];
  swaps: Swap[];
  absences: Absence[];
  handovers: Handover[];
  workers: WorkerRef[];
};
export type RotaDraft = { service_id: Uuid; patterns: PatternBody[] };
export type RotaBody = { service_id: Uuid; id: Uuid; based_on: Uuid | null; catch_all: Uuid | null; patterns: PatternBody[] };
/** Who was asked whether they are ready, and who has nothing that could be asked. */
export type AskedTonight = { asked: WorkerRef[]; nothing_to_ask: WorkerRef[] };
export type Preview = Pick<Rota, 'shifts' | 'holes'>;

export type MyShift = Shift & { service: ServiceRef };
export type Mine = { now: MyShift[]; next: MyShift[]; asked: Swap[]; services: ServiceRef[] };
