import type { PlanChange } from '../../shared/wire-plan';
import { q, starter } from './words';

/** "Added to “What I do”, in “A bit wobbly”" and what it says now, and said before. */
export function changeWords({ where, stage, what, before, after }: PlanChange): { head: string; before: string | null; after: string | null } {
  const part = q('change.part', { part: starter(where).title });
  const place = stage ? q('change.in_step', { part, stage }) : part;
  const both = what === 'changed' || what === 'removed';
  return { head: q(`change.${what}`, { place }), before: both ? before : null, after: what === 'removed' ? null : after };
}
