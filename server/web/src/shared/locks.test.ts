import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onlyOne } from './locks';

/** Locks as browsers have them. `held`: by a tab that never lets go. */
let held: Set<string>;
beforeEach(() => {
  held = new Set();
  vi.useFakeTimers();
  vi.stubGlobal('navigator', {
    locks: {
      request: (name: string, ...more: unknown[]) => {
        const work = more.at(-1) as () => Promise<unknown>;
        if (!held.has(name)) return Promise.resolve().then(work);
        const { signal } = more[0] as { signal?: AbortSignal };
        return new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason as Error)));
      },
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a tab that never lets go keeps nobody waiting longer than they have patience', async () => {
  held.add('a');
  const work = vi.fn(async () => 'done');
  const waits = onlyOne('a', work, 1_000);
  await vi.advanceTimersByTimeAsync(900);
  expect(work).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(await waits).toBe('done');
  expect(work).toHaveBeenCalledTimes(1);
});

test('what must not run twice at once does something else instead', async () => {
  held.add('a');
  const work = vi.fn(async () => 'done');
  const waits = onlyOne('a', work, 1_000, async () => 'not now');
  await vi.advanceTimersByTimeAsync(1_100);
  expect(await waits).toBe('not now');
  expect(work).not.toHaveBeenCalled();
});

test('work that has begun is never begun again, however long it takes and however it ends', async () => {
  const work = vi.fn(() => new Promise<string>((_, fail) => setTimeout(() => fail(new Error('its own')), 5_000)));
  const waits = onlyOne('a', work, 1_000).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await waits).toBe('its own');
  expect(work).toHaveBeenCalledTimes(1);
});
