// What is being agreed, before it is: the numbers that the days suggest, and those that a person set in their place.
import type { Baseline, BaselineItem, Numbers } from '../../shared/wire-warning';

/** By item. What somebody set stays theirs when other days are chosen. */
export type Mine = Record<string, Omit<Numbers, 'item_id'>>;
export type Draft = { item: BaselineItem } & Omit<Numbers, 'item_id'>;

export const draftsOf = (items: BaselineItem[], mine: Mine): Draft[] =>
  items.map((item) => {
    const { low, centre, high } = mine[item.item_id] ?? item;
    return { item, low, centre, high };
  });

/** What is in force now and would not be with this one, which takes the place of all of it. */
export const leftOut = (current: Baseline | null, drafts: Draft[]): BaselineItem[] =>
  (current?.items ?? []).filter((old) => !drafts.some(({ item }) => item.item_id === old.item_id));

export const isChanged = ({ item, low, centre, high }: Draft): boolean => low !== item.low || centre !== item.centre || high !== item.high;

/** Null when the three stand in order on the scale. */
export const wrongOrder = ({ low, centre, high }: Draft): 'baseline.order_band' | 'baseline.order_centre' | null =>
  low > high ? 'baseline.order_band' : centre < low || centre > high ? 'baseline.order_centre' : null;

export const numbersOf = (drafts: Draft[]): Numbers[] => drafts.map(({ item, low, centre, high }) => ({ item_id: item.item_id, low, centre, high }));

/** The points of a scale to choose from, `also` among them: what was worked out may lie between two points. */
export function points(scale: BaselineItem['scale'], step: number, also: number): number[] {
  const all = new Set([also]);
  for (let n = 0; scale.min + n * step <= scale.max; n++) all.add(scale.min + n * step);
  return [...all].sort((a, b) => a - b);
}
