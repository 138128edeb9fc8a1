import type { BaselineItem } from '../../shared/wire-my-warning';

// Where an answer lies on its own scale, in the scale's own words.

type Scale = BaselineItem['scale'];

/** Whole numbers bare, others with one decimal, as in the sentence of a flag. */
export const number = (value: number): string => String(Math.round(value * 10) / 10);

/** Whether the two would be said in other numbers. */
export const differs = (a: BaselineItem, b: BaselineItem): boolean => (['low', 'centre', 'high'] as const).some((one) => number(a[one]) !== number(b[one]));

/** At one of the words of the scale, or between two of them. */
export function place(value: number, { min, max, labels }: Scale): { at: string } | { low: string; high: string } {
  const marks = [{ step: min, word: labels.low }, { step: (min + max) / 2, word: labels.middle }, { step: max, word: labels.high }].filter(({ word }) => word);
  const near = marks.find(({ step }) => Math.abs(step - value) < 0.05);
  if (near) return { at: near.word };
  return { low: marks.findLast(({ step }) => step < value)?.word ?? labels.low, high: marks.find(({ step }) => step > value)?.word ?? labels.high };
}

/** The answers there are, for the picture; none where they would stand too close to be told apart. */
export const steps = ({ min, max }: Scale): number[] => (max - min > 10 ? [] : Array.from({ length: Math.floor(max - min) + 1 }, (_, step) => min + step));

/** How far across the picture, from 0 to 1. */
export const across = (value: number, { min, max }: Scale): number => Math.min(1, Math.max(0, (value - min) / Math.max(1, max - min)));
