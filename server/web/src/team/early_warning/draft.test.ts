import { expect, it } from 'vitest';
import type { BaselineItem } from '../../shared/wire-warning';
import { draftsOf, isChanged, leftOut, numbersOf, points, wrongOrder } from './draft';
import { declinedSince } from './history';
import { says, shortOf, titleOf } from './says';

const scale = { min: 1, max: 7, labels: { low: 'Badly', middle: 'So-so', high: 'Well' }, higher_is: 'better' } as const;
const sleep: BaselineItem = { item_id: 'sleep', text: 'How did you sleep?', short: 'sleep', low: 4, centre: 4.5, high: 6, answers: 12, adjusted: false, scale };

it('keeps what a person set when other days suggest other numbers', () => {
  const mine = { sleep: { low: 3, centre: 4.5, high: 6 } };
  const [draft] = draftsOf([{ ...sleep, low: 2, centre: 3, high: 5 }], mine);
  expect(isChanged(draft!)).toBe(true);
  expect(numbersOf([draft!])).toEqual([{ item_id: 'sleep', low: 3, centre: 4.5, high: 6 }]);
  expect(isChanged(draftsOf([sleep], {})[0]!)).toBe(false);
});

it('is not changed by being set to what was suggested', () => {
  expect(isChanged(draftsOf([sleep], { sleep: { low: 4, centre: 4.5, high: 6 } })[0]!)).toBe(false);
});

it('tells what is in force now and would not be any more', () => {
  const mood = { ...sleep, item_id: 'mood' };
  const current = { items: [sleep, mood] } as never;
  expect(leftOut(current, draftsOf([sleep], {})).map(({ item_id }) => item_id)).toEqual(['mood']);
  expect(leftOut(current, draftsOf([mood, sleep], {}))).toEqual([]);
  expect(leftOut(null, draftsOf([sleep], {}))).toEqual([]);
});

it('wants the three numbers in order', () => {
  const of = (low: number, centre: number, high: number) => wrongOrder({ item: sleep, low, centre, high });
  expect(of(4, 5, 6)).toBeNull();
  expect(of(5, 5, 5)).toBeNull();
  expect(of(6, 5, 4)).toBe('baseline.order_band');
  expect(of(4, 7, 6)).toBe('baseline.order_centre');
});

it('offers the points of the scale, and what was worked out between two of them', () => {
  expect(points(scale, 1, 4)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(points(scale, 0.5, 4.25)).toContain(4.25);
  expect(points({ ...scale, min: 0, max: 10 }, 1, 0)).toHaveLength(11);
});

it('says a band in words, and a sign in quotation marks', () => {
  expect(says(sleep)).toBe('4 to 6, about 4.5');
  expect(says({ low: 1, centre: 1, high: 1 })).toBe('Just 1');
  expect(titleOf(sleep)).toBe('How did you sleep?');
  expect(titleOf({ ...sleep, text: 'I stop answering my sister', short: 'I stop answering my sister' })).toBe('“I stop answering my sister”');
  expect(shortOf(sleep)).toBe('sleep');
  expect(shortOf({ ...sleep, text: 'I stop answering my sister', short: 'I stop answering my sister' })).toBe('“I stop answering my sister”');
});

it('tells of what was declined only while nothing came after it', () => {
  const one = (state: string) => ({ state }) as never;
  expect(declinedSince({ history: [one('declined'), one('agreed')] })).not.toBeNull();
  expect(declinedSince({ history: [one('proposed'), one('declined')] })).toBeNull();
  expect(declinedSince({ history: [] })).toBeNull();
});
