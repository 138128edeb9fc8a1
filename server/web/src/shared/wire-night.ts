import type { How, Instant, Uuid, When } from './wire';
import type { TeamRequest, WorkerRef } from './wire-team';

// Who is rung, in what order, and a call that came in; named as on the wire.

/** As in the list; `holder`: who had it before or was handed it, `anybody`: whoever there is. */
export type StepWho = 'key_worker' | 'assigned' | 'first_line' | 'second_line' | 'team_lead' | 'catch_all' | 'person' | 'holder' | 'anybody';
export type Heard = 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed';
export type Rung = { at: Instant; step: number | null; who: StepWho; worker: WorkerRef | null; channel: 'push' | 'email' | 'sms' | 'voice'; heard: Heard };

/** How far the ringing has come. `step` counts from one, and is null where no step of the list is rung; `next_at` is when the next is due if nobody takes it. */
export type Escalation = {
  state: 'ringing' | 'held' | 'ended';
  step: number | null;
  of: number;
  who: StepWho | null;
  since: Instant;
  next_at: Instant | null;
  comes_back_at: Instant | null;
  rung: Rung[];
};

/** What their agreed plan says that helps, for whoever is about to call. */
export type RequestPlan = { stage: string | null; mine: string[]; workers: string[]; does_not_work: string[]; people: { name: string; relation: string | null; phone: string | null }[] };
export type WholeRequest = TeamRequest & { plan: RequestPlan | null };

/** How somebody told a worker, who writes it down. */
export const TOLD = ['by_phone', 'in_person'] as const;
export type Told = (typeof TOLD)[number];

/** A call that came in, or what somebody asked for in person: it becomes a request, seen by whoever took it. `done`: nothing more is needed. */
export type CallBody = {
  id: Uuid;
  called_at: Instant | null;
  given: Told;
  words: string | null;
  how: How;
  when: When;
  promise: { what: How; by: Instant } | null;
  done: boolean;
};
