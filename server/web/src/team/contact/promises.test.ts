import { describe, expect, it } from 'vitest';
import { promiseAt, quickPromise } from './promises';

const now = new Date(2026, 10, 21, 21, 7, 30);
const clock = (d: Date | null) => d && `${d.getDate()} ${d.getHours()}:${String(d.getMinutes()).padStart(2, '0')}`;

describe('a promise is a clock time', () => {
  it('is never sooner than what was chosen', () => {
    expect(clock(quickPromise(now, 15))).toBe('21 21:25');
    expect(clock(quickPromise(now, 60))).toBe('21 22:10');
    expect(clock(quickPromise(new Date(2026, 10, 21, 21, 0), 30))).toBe('21 21:30');
  });

  it('means today when still to come, else tomorrow', () => {
    expect(clock(promiseAt(now, '22:30'))).toBe('21 22:30');
    expect(clock(promiseAt(now, '0930'))).toBe('22 9:30');
    expect(clock(promiseAt(now, '21:07'))).toBe('22 21:07');
  });

  it('is nothing when it is no time', () => {
    for (const text of ['', 'soon', '25:00', '12:60', '9']) expect(promiseAt(now, text)).toBeNull();
  });
});
