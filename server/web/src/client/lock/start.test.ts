import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { speaks } from '../aloud/hush';
import { session } from '../store/session.svelte';
import { lock, lockNow } from './lock.svelte';
import { startLock } from './start';

// What a phone's own unlocking takes to answer, nothing here waits for.
vi.mock('./lock.svelte', () => ({ lock: { now: { kind: 'pin', after: 1 } }, lockNow: vi.fn(), lookAtLock: () => new Promise(() => undefined) }));

let state: DocumentVisibilityState = 'visible';
const show = (next: DocumentVisibilityState) => {
  state = next;
  document.dispatchEvent(new Event('visibilitychange'));
};
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.parse('2026-11-22T12:00:00Z') });
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => state);
  session.current = { client_id: 'jo' } as never;
});
afterEach(() => vi.useRealTimers());

test('away for its time locks it; so does a clock that was put back meanwhile, and a moment away does not', () => {
  void startLock();
  expect(lock.now).not.toBeNull();
  const silenced = vi.fn();
  speaks(silenced);
  show('hidden');
  expect(silenced).toHaveBeenCalledOnce();
  for (const [to, times] of [['12:00:30', 0], ['11:30:00', 1], ['12:01:00', 2]] as const) {
    vi.setSystemTime(Date.parse('2026-11-22T12:00:00Z'));
    show('hidden');
    expect(document.documentElement.classList.contains('covered')).toBe(true);
    vi.setSystemTime(Date.parse(`2026-11-22T${to}Z`));
    show('visible');
    expect(vi.mocked(lockNow), to).toHaveBeenCalledTimes(times);
  }
});
