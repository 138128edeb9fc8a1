import type { PlanReplay } from '../../shared/wire-plan';
import type { Episode } from '../../shared/wire-warning';

const same = (a: Episode, b: Episode): boolean => a.kind === b.kind && a.level === b.level && a.first_day === b.first_day && a.last_day === b.last_day && a.sentence === b.sentence;

/** What would have been told with these rules and was not told, or told otherwise, without them; newest first. */
export const newlyTold = ({ now, then }: Pick<PlanReplay, 'now' | 'then'>): Episode[] =>
  then.filter((one) => !now.some((other) => same(one, other))).sort((a, b) => b.first_day.localeCompare(a.first_day));
