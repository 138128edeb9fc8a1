import type { Item, Usual, Uuid } from '../../shared/wire';
import type { Point } from '../../shared/chart/layout';
import type { Shown } from './store.svelte';

export type Series = { item: Item; points: Point[]; usual: { low: number; high: number } | null };

/** One picture a question, over its rewordings; a version with another scale is another picture's, so it is left out. */
export function series(checkIns: Shown[], questions: Map<Uuid, Item>, usual: Usual[]): Series[] {
  const found = new Map<Uuid, Series>();
  const newest = [...questions.values()].sort((a, b) => b.version - a.version || a.position - b.position);
  for (const item of newest) if (!found.has(item.series_id)) found.set(item.series_id, { item, points: [], usual: null });

  for (const { made_at, answers } of checkIns) {
    for (const { item_id, value } of answers) {
      const version = questions.get(item_id);
      const line = version && found.get(version.series_id);
      if (!line || value === null || version.min !== line.item.min || version.max !== line.item.max) continue;
      line.points.push({ at: made_at, value });
    }
  }
  for (const { item_id, low, high } of usual) {
    const line = found.get(questions.get(item_id)?.series_id ?? '');
    if (line) line.usual = { low, high };
  }
  return [...found.values()].filter((line) => line.points.length > 0).sort((a, b) => a.item.position - b.item.position);
}
