import type { Instant, Labels, Uuid } from './wire';
import type { Episode } from './wire-warning';

// The stay-well plan as both apps know it, named as on the wire.

/** `beside`: this is another wording of that line; two people changed it at once, and people choose by removing one. */
export type Line = { id: Uuid; text: string; beside: Uuid | null };
/** `item_id`: the check-in question that asks about it. */
export type Sign = Line & { item_id: Uuid | null };
/** At most four of them; the first is nearest to well. */
export type Stage = { id: Uuid; name: string; signs: Sign[]; mine: Line[]; workers: Line[]; others: Line[] };
export type Person = {
  id: Uuid;
  name: string;
  relation: string | null;
  phone: string | null;
  note: string | null;
  beside: Uuid | null;
};

export type Side = 'at_least' | 'at_most';
/** "If I haven't slept for three nights, ring me": the answer was `side` `value` on `check_ins` check-in days in a row. */
export type Rule = {
  id: Uuid;
  item_id: Uuid;
  side: Side;
  value: number;
  /** 1 to 14. */
  check_ins: number;
  words: string;
  /** Agreed that it may ring at night. */
  at_night: boolean;
};

export type LineList = 'keeps_well' | 'important' | 'works' | 'does_not_work' | 'triggers' | 'want' | 'do_not_want' | 'tell' | 'do_not_tell';
/** Lists of at most 40, all of it at most 32 KB. */
export type PlanBody = Record<LineList, Line[]> & { stages: Stage[]; people: Person[]; rules: Rule[] };

/** On the phone a worker's first name. */
export type By = { who: 'client' | 'worker'; name: string };

export type PlanVersion = {
  id: Uuid;
  /** Counted when it was agreed by both. */
  number: number | null;
  body: PlanBody;
  based_on: Uuid | null;
  written_at: Instant;
  by: By;
  /** The server put two changes together. */
  merged: boolean;
  /** It was sent like this, and another change had come first: what became of both is the version after it. */
  aside?: boolean;
  /** How many lines have another wording beside them. */
  doubled: number;
  client_agreed: { at: Instant; how: 'on_phone' | 'together'; worker: string | null } | null;
  worker_agreed: { at: Instant; by: string } | null;
  current: boolean;
};

export type Plan = { current: PlanVersion | null; draft: PlanVersion | null };

/** `seen` is what the replay of exactly these rules answered, where a rule was added or changed. */
export type PlanDraftBody = { id: Uuid; based_on: Uuid | null; body: PlanBody; seen: string | null };
export type PlanAgreeBody = { id: Uuid };

export type PlanChange = {
  where: LineList | 'stages' | 'signs' | 'mine' | 'workers' | 'others' | 'people' | 'rules';
  stage: string | null;
  what: 'added' | 'removed' | 'changed' | 'moved';
  before: string | null;
  after: string | null;
};
/** Newest first. */
export type PlanHistory = { items: { version: Omit<PlanVersion, 'body'>; changes: PlanChange[] }[] };

/** Twelve weeks. */
export type PlanReplay = { from: string; to: string; now: Episode[]; then: Episode[]; seen: string };

/** The stage the client feels they are in, as a check-in says it. */
export type StageSaid = { id: Uuid; name: string };

/** What the agreed plan says beside what a flag says. */
export type FlagPlan = {
  stage_id: Uuid | null;
  stage: string | null;
  mine: string[];
  workers: string[];
  others: string[];
  /** The rule that was met, in the client's words. */
  rule: string | null;
};

// ---- The team's side

export type PlanItem = {
  item_id: Uuid;
  text: string;
  short: string;
  sign: boolean;
  /** False: nobody is asked this any more, in no wording. Missing = it is. */
  asked?: boolean;
  scale: { min: number; max: number; labels: Labels; higher_is: 'better' | 'worse' };
};
export type TeamPlan = Plan & { items: PlanItem[] };
/** `together`: client and worker in one room; counts for both, and is recorded as such. */
export type TeamAgreeBody = { how: 'mine' | 'together' };
