import type { Instant, Uuid } from '../../shared/wire';
import type { WorkerRef } from '../../shared/wire-team';

// Who is rung and after how long, how the engine does, and tonight rehearsed: named as on the wire.

export type PolicyKind = 'contact_now' | 'contact_today' | 'contact_when_you_can' | 'client_asked' | 'plan_rule';
export type Who = 'key_worker' | 'assigned' | 'first_line' | 'second_line' | 'team_lead' | 'catch_all' | 'person';
/** `worker_id` only of a `person`. `minutes` 1 to 240. */
export type Step = { who: Who; worker_id: Uuid | null; minutes: number };
export type Policy = { kind: PolicyKind; steps: Step[]; by_day: boolean; usual: boolean; changed_at: Instant | null; changed_by: WorkerRef | null };
export type Policies = { may_change: boolean; items: Policy[] };

export type Engine = {
  last_finished_sweep: Instant | null;
  oldest_overdue_step: Instant | null;
  overdue_step_seconds: number;
  open_without_next_step: number;
  /** Steps that found nobody to ring, in the last 24 hours. */
  rang_nobody: number;
  last_drill: { asked_at: Instant; rung_at: Instant | null; acknowledged_at: Instant | null; seconds: number | null } | null;
  drill_failing_since: Instant | null;
  push_refused_since?: Instant | null;
  push_refused_by?: string[];
  requests_seen_by_nobody?: number;
  /** When the clock of a server last jumped. */
  clock_jumped_at?: Instant | null;
  /** By the server's own clock: it looked lately, and no step is late. */
  healthy: boolean;
  /** Nobody on the first line, in the coming 24 hours. */
  holes?: { service: { id: Uuid; name: string }; from: Instant; until: Instant; why: string }[];
};

export type RehearsalEvent = {
  at: Instant;
  what: 'rung' | 'empty' | 'no_channel' | 'repeats' | 'nobody';
  step: number | null;
  /** `anybody`: whoever there is. */
  who: Who | 'anybody' | null;
  worker: WorkerRef | null;
  channel: 'push' | 'email' | 'sms' | 'voice' | null;
};
export type Rehearsal = {
  from: Instant;
  until: Instant;
  /** Missing = not told: then the clock on this wall. */
  zone?: string;
  asked: { at: Instant; events: RehearsalEvent[] }[];
  holes: { from: Instant; until: Instant; why: string }[];
};
