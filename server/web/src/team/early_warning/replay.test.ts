import { describe, expect, it } from 'vitest';
import type { Episode } from '../../shared/wire-warning';
import { beside, compared, months, place } from './replay';

const span = { from: '2026-08-31', to: '2026-11-22' };
const one = (first_day: string, last_day: string, more: Partial<Episode> = {}): Episode => ({ kind: 'early_warning', level: 'watch', first_day, last_day, sentence: '', ...more });

describe('on the time line', () => {
  it('stands where its days are, both ends included', () => {
    expect(place(one('2026-08-31', '2026-11-22'), span)).toEqual({ x: 0, width: 100 });
    const { x, width } = place(one('2026-10-12', '2026-10-18'), span);
    expect([Math.round(x), Math.round(width)]).toEqual([50, 8]);
  });

  it('never leaves the line, and a single day is seen', () => {
    expect(place(one('2026-08-01', '2026-09-06'), span).x).toBe(0);
    const last = place(one('2026-11-22', '2026-11-22'), span);
    expect(last.width).toBe(1.5);
    expect(last.x + last.width).toBeLessThanOrEqual(100);
  });

  it('names months where they begin', () => {
    expect(months(span).map((month) => month.first)).toEqual(['2026-09-01', '2026-10-01', '2026-11-01']);
    expect(months({ from: '2026-08-31', to: '2026-11-02' }).map((month) => month.first)).not.toContain('2026-11-01');
  });
});

describe('beside the other side', () => {
  const now = [one('2026-10-01', '2026-10-05')];
  it('is the same, other, or only here', () => {
    expect(beside(one('2026-10-01', '2026-10-05'), now)).toBe('same');
    expect(beside(one('2026-10-03', '2026-10-08'), now)).toBe('other');
    expect(beside(one('2026-10-01', '2026-10-05', { level: 'alert' }), now)).toBe('other');
    expect(beside(one('2026-10-06', '2026-10-08'), now)).toBe('only');
    expect(beside(one('2026-10-01', '2026-10-05', { kind: 'silence' }), now)).toBe('only');
  });

  it('says that nothing differs only if nothing does', () => {
    const then = [one('2026-10-01', '2026-10-05')];
    expect(compared({ now, then })).toBe('same');
    expect(compared({ now, then: [{ ...then[0]!, sentence: 'Sleep has changed.' }] })).toBe('same_days');
    expect(compared({ now, then: [] })).toBe('differs');
    expect(compared({ now, then: [...now, one('2026-11-01', '2026-11-02')] })).toBe('differs');
    expect(compared({ now: [], then: [] })).toBe('same');
  });
});
