import type { Uuid } from '../../shared/wire';
import type { PlanBody } from '../../shared/wire-plan';

/** Lines of a plan that say something to do: what keeps well, what works, and what I do at each step. Each once. */
export function linesOf(body: PlanBody | null): { id: Uuid; text: string }[] {
  if (!body) return [];
  const all = [...body.keeps_well, ...body.works, ...body.stages.flatMap((stage) => stage.mine)];
  return [...new Map(all.map(({ id, text }) => [id, { id, text }])).values()];
}
