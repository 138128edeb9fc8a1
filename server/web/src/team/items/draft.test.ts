import { expect, it } from 'vitest';
import type { Item } from '../../shared/wire';
import { moved } from '../parts/order';
import { bodyOf, draftOf, newSign, reworded } from './draft';

const item = (series_id: string, text: string) =>
  ({ id: 'v', series_id, version: 1, kind: 'sign', key: null, text, labels: { low: '', middle: '', high: '' }, min: 1, max: 7, higher_is: 'worse', position: 1 }) as Item;

it('sends the whole list in order, without what is retired, and new signs without a series', () => {
  const drafts = [draftOf(item('a', 'one')), { ...draftOf(item('b', 'two')), retired: true }, newSign('n', ' three ')];
  const body = bodyOf(moved(drafts, 2, -1), 3);
  expect(body.items.map((one) => [one.series_id, one.text])).toEqual([
    ['a', 'one'],
    [null, 'three'],
  ]);
});

it('knows a rewording from a new sign and from a space too many', () => {
  const draft = draftOf(item('a', 'one'));
  expect(reworded({ ...draft, text: 'other' })).toBe(true);
  expect(reworded({ ...draft, text: 'one ' })).toBe(false);
  expect(reworded(newSign('n', 'new'))).toBe(false);
});

it('moves nothing past the ends', () => {
  const drafts = [draftOf(item('a', 'one')), draftOf(item('b', 'two'))];
  expect(moved(drafts, 0, -1)).toBe(drafts);
  expect(moved(drafts, 1, 1)).toBe(drafts);
});
