import { describe, expect, it } from 'vitest';
import type { CheckIn, CheckIns, Item } from '../../shared/wire';
import { series } from './series';

const item = (id: string, series_id: string, version: number, position: number) => ({ id, series_id, version, position }) as Item;
const said = (made_at: string, value: number | null, item_id: string, replaced_by: string | null = null) =>
  ({ made_at, answers: [{ item_id, value }], replaced_by }) as unknown as CheckIn;

describe('the picture', () => {
  const from = {
    items: [said('2026-11-03', 4, 'b2'), said('2026-11-02', null, 'b2'), said('2026-11-01', 2, 'b1'), said('2026-11-01', 7, 'b2', 'x')],
    questions: [item('b1', 'b', 1, 2), item('b2', 'b', 2, 2), item('a', 'a', 1, 1), item('gone', 'a', 0, 1)],
    usual: [{ item_id: 'b2', low: 3, high: 5 }],
  } as unknown as CheckIns;

  it('keeps the answers to an older wording apart from those to the newer', () => {
    expect(series(from).map((one) => [one.item.id, one.current, one.points.length])).toEqual([
      ['a', true, 0],
      ['b2', true, 1],
      ['b1', false, 1],
    ]);
  });

  it('leaves out what was skipped and what a later check-in replaced', () => {
    expect(series(from)[1]?.points).toEqual([{ at: '2026-11-03', value: 4 }]);
  });
});
