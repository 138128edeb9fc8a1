// A rota while it is written: each pattern in plain choices, and back.
import { uuidv7 } from '../../shared/uuid';
import type { Day, Uuid } from '../../shared/wire';
import type { Clock } from '../../shared/wire-reminders';
import { daysFormOf, endsOf, missingDay, repeatOf, type DaysForm, type MissingDay } from '../reminders/form';
import type { Line, PatternBody, Rota, ShiftKind } from './wire';

export const KINDS = ['sleeping_night', 'waking_night', 'on_call', 'day_support'] as const satisfies readonly ShiftKind[];
/** The ways a shift comes back. A way that is not among them stays as it is where a pattern has it. */
export const WAYS = ['week', 'working', 'day', 'once'] as const satisfies readonly DaysForm['how'][];

/** `worker_id` '': nobody's yet. */
export type PatternForm = DaysForm & { id: Uuid; line: Line; kind: ShiftKind; worker_id: string; from: Clock; until: Clock };
export type Draft = { patterns: PatternForm[]; catch_all: string };

export const patternFormOf = (one: PatternBody, today: Day): PatternForm => ({
  ...daysFormOf(one, today),
  id: one.id,
  line: one.line,
  kind: one.kind,
  worker_id: one.worker_id ?? '',
  from: one.from.slice(0, 5),
  until: one.until.slice(0, 5),
});

export const bodyOf = (form: PatternForm): PatternBody => ({
  id: form.id,
  line: form.line,
  kind: form.kind,
  worker_id: form.worker_id || null,
  starts_on: form.starts_on,
  from: form.from,
  until: form.until,
  repeat: repeatOf(form),
  ends: endsOf(form),
});

export const freshPattern = (today: Day): PatternForm => ({
  ...patternFormOf({ id: uuidv7(), line: 'first', kind: 'sleeping_night', worker_id: null, starts_on: today, from: '22:00', until: '08:00', repeat: { unit: 'day', every: 1 }, ends: null }, today),
  how: 'week',
});

export const draftOf = (rota: Pick<Rota, 'patterns' | 'catch_all'>, today: Day): Draft => ({
  patterns: rota.patterns.map((one) => patternFormOf(one, today)),
  catch_all: rota.catch_all?.id ?? '',
});

/** The same words give the same text, so that "is it changed" is a comparison. */
export const wordsOf = (draft: Draft): { catch_all: Uuid | null; patterns: PatternBody[] } => ({ catch_all: draft.catch_all || null, patterns: draft.patterns.map(bodyOf) });

export function missing(form: PatternForm): 'rota.need_times' | MissingDay | null {
  if (!form.from || !form.until) return 'rota.need_times';
  return missingDay(form);
}
