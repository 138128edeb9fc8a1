import { describe, expect, test } from 'vitest';
import { breathe, LEAD, where, type Clock } from './pace';

const pace = { in: 4, out: 6 };

/** A clock turned by hand. */
function turned() {
  let now = 0;
  let next: { at: number; then: () => void } | null = null;
  const clock: Clock = {
    now: () => now,
    later(wait, then) {
      next = { at: now + wait, then };
      return () => (next = null);
    },
  };
  const on = (seconds: number) => {
    const until = now + seconds * 1000;
    while (next && next.at <= until) {
      const { at, then } = next;
      [now, next] = [Math.max(now, at), null];
      then();
    }
    now = until;
  };
  /** The phone slept: no timer came, and time went on. */
  const sleep = (seconds: number) => (now += seconds * 1000);
  return { clock, on, sleep, waiting: () => next !== null };
}

describe('where one is', () => {
  test('a moment to settle, then in, then out, and round again', () => {
    expect(where(0, pace, 1)).toEqual({ breath: 'soon', lasts: LEAD, left: LEAD });
    expect(where(LEAD, pace, 1)).toEqual({ breath: 'in', lasts: 4000, left: 4000 });
    expect(where(LEAD + 4000, pace, 1)).toEqual({ breath: 'out', lasts: 6000, left: 6000 });
    expect(where(LEAD + 10_000, pace, 1)?.breath).toBe('in');
  });
  test('it ends after a breath out, never inside one', () => {
    expect(where(LEAD + 60_000, pace, 1)).toBeNull();
    const slow = { in: 6, out: 8 }; // 14 seconds: after a minute one is inside the fifth breath
    expect(where(LEAD + 60_000, slow, 1)?.breath).toBe('in');
    expect(where(LEAD + 69_999, slow, 1)?.breath).toBe('out');
    expect(where(LEAD + 70_000, slow, 1)).toBeNull();
  });
  test('until I stop does not end', () => {
    expect(where(LEAD + 3_600_000, pace, null)?.breath).toBe('in');
  });
});

describe('breathing on a clock', () => {
  test('each breath is told once, and the end', () => {
    const { clock, on, waiting } = turned();
    const told: string[] = [];
    breathe(pace, 1, (now) => told.push(now?.breath ?? 'over'), clock);
    on(90);
    expect(told).toEqual(['soon', ...Array<string[]>(6).fill(['in', 'out']).flat(), 'over']);
    expect(waiting()).toBe(false);
  });
  test('stopped, it says nothing more', () => {
    const { clock, on, waiting } = turned();
    const told: string[] = [];
    const stop = breathe(pace, null, (now) => told.push(now?.breath ?? 'over'), clock);
    on(3);
    stop();
    on(60);
    expect(told).toEqual(['soon', 'in']);
    expect(waiting()).toBe(false);
  });
  test('a phone that slept picks up where time is, and not where it was', () => {
    const { clock, on, sleep } = turned();
    const told: string[] = [];
    breathe(pace, 1, (now) => told.push(now?.breath ?? 'over'), clock);
    on(3);
    sleep(300);
    on(0);
    expect(told).toEqual(['soon', 'in', 'over']);
  });
});
