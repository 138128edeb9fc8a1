import type { ContactState, How, Instant, Uuid, When } from '../../shared/wire';
import type { ClientRef, WorkerRef } from '../../shared/wire-team';

// The board of a service, named as on the wire.

/** Seconds; null: there was none. `within_60_s` from 0 to 1. */
export type Times = { p50: number | null; p90: number | null; within_60_s: number | null };
export type OpenRequest = {
  id: Uuid;
  client: ClientRef;
  urgency: When;
  state: ContactState;
  since: Instant;
  owner: WorkerRef | null;
  /** Which step of the list is ringing, from 1. Missing = not told. */
  step?: number | null;
  promise: { what: How; by: Instant } | null;
  /** Missing = not told. */
  reached_at?: Instant | null;
  seen_at?: Instant | null;
  promise_broken?: boolean;
};
export type BoardService = {
  service: { id: Uuid; name: string };
  open: OpenRequest[];
  /** How many requests there were in the last 30 days. What follows is about these. */
  asked: number;
  reached: Times;
  acknowledged: Times;
  promises: { kept: number; broken: number };
};
export type Board = { services: BoardService[] };
