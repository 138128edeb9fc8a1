import { expect, it } from 'vitest';
import { Problem } from '../../shared/api';
import type { Chosen, Listed } from '../../shared/wire-pack';
import { moved } from '../parts/order';
import { addable, bodyOf, draftOf, fresh, refusalsOf } from './draft';

const chosen = (id: string, why: string | null = null): Chosen => ({ resource_id: id, title: id, kind: 'article', retired: false, why, by: 'Dee', added_at: '2026-11-22T10:00:00Z' });
const listed = (id: string, extra: object = {}) => ({ id, title: id, kind: 'article', retired: null, editions: [{ edition: 'en', published: { number: 1 }, draft: null, newer_shipped: null }], ...extra }) as unknown as Listed;

it('sends the whole pack in order, with words only where there are some', () => {
  const drafts = [...[chosen('a', 'It helped last time'), chosen('b')].map(draftOf), { ...fresh(listed('c')), why: '  ' }];
  expect(bodyOf(4, moved(drafts, 2, -1))).toEqual({
    revision: 4,
    chosen: [
      { resource_id: 'a', why: 'It helped last time' },
      { resource_id: 'c', why: null },
      { resource_id: 'b', why: null },
    ],
  });
});

it('offers what clients can read and what is not in the pack yet', () => {
  const items = [listed('a'), listed('b', { retired: 'retired' }), listed('c', { editions: [] }), listed('d')];
  expect(addable(items, [draftOf(chosen('a'))]).map((one) => one.id)).toEqual(['d']);
});

it('tells a refusal by the title of the piece it is about', () => {
  const refusal = new Problem(422, { errors: [{ field: 'chosen[1].resource_id', message: 'This is not offered in the library.' }, { field: 'revision', message: 'No.' }] });
  expect(refusalsOf(refusal, ['a', 'b'].map((id) => draftOf(chosen(id))))).toEqual([{ title: 'b', why: 'This is not offered in the library.' }]);
  expect(refusalsOf(new Error('no signal'), [])).toEqual([]);
});
