// Check-ins turned into what a chart wants: one line of points for each version of each question.
import type { CheckIn, CheckIns, Item, Usual } from '../../shared/wire';
import type { Point } from '../../shared/chart/layout';

export type Series = { item: Item; points: Point[]; usual: Usual | null; current: boolean };

/** Current questions in their order, each followed by nothing; reworded ones come after, newest wording first. */
export function series(from: CheckIns): Series[] {
  const standing = from.items.filter((one) => one.replaced_by === null);
  const newest = new Map<string, number>();
  for (const item of from.questions) newest.set(item.series_id, Math.max(newest.get(item.series_id) ?? 0, item.version));
  const all = from.questions.map((item) => ({
    item,
    points: pointsOf(standing, item.id),
    usual: from.usual.find((one) => one.item_id === item.id) ?? null,
    current: newest.get(item.series_id) === item.version,
  }));
  const order = (a: Series, b: Series) => a.item.position - b.item.position || b.item.version - a.item.version;
  return [...all.filter((one) => one.current).sort(order), ...all.filter((one) => !one.current && one.points.length > 0).sort(order)];
}

/** A skipped question is no point: a gap stays a gap. */
const pointsOf = (checkIns: CheckIn[], itemId: string): Point[] =>
  checkIns.flatMap((one) => {
    const value = one.answers.find((answer) => answer.item_id === itemId)?.value;
    return value == null ? [] : [{ at: one.made_at, value }];
  });
