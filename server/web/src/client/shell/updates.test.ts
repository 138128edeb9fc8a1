import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** A worker that is being installed, and how it ends. */
function installing() {
  const worker = { state: 'installing', onstatechange: () => undefined };
  const found = { installing: worker as typeof worker | null, waiting: null, active: null as unknown, update: vi.fn(async () => undefined), onupdatefound: null };
  return {
    found,
    ends(state: 'redundant' | 'activating') {
      Object.assign(found, { installing: null, active: state === 'activating' ? worker : null });
      worker.state = state;
      worker.onstatechange();
    },
  };
}
const register = vi.fn<() => Promise<unknown>>();
/** Each time the app begins: what was found out before is not known any more. */
const started = async () => {
  vi.resetModules();
  const updates = await import('./updates.svelte');
  updates.startUpdates();
  await vi.advanceTimersByTimeAsync(0);
  return updates.update;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('PROD', true);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: { controller: null, addEventListener: () => undefined, register: register.mockReset() } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'serviceWorker');
});

test('an app that could not be stored is stored when the signal is back', async () => {
  const [first, second] = [installing(), installing()];
  register.mockResolvedValueOnce(first.found).mockResolvedValueOnce(second.found);
  const update = await started();
  first.ends('redundant');
  expect(update.failed).toBe(true);
  // A signal that comes and goes uses up nobody's data.
  window.dispatchEvent(new Event('online'));
  expect(register).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(61_000);
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect([register.mock.calls.length, update.failed]).toEqual([2, true]);
  second.ends('activating');
  expect(update.failed).toBe(false);
  window.dispatchEvent(new Event('online'));
  expect(register).toHaveBeenCalledTimes(2);
  // From then on the browser is asked for a newer one.
  document.dispatchEvent(new Event('visibilitychange'));
  expect([register.mock.calls.length, second.found.update.mock.calls.length]).toEqual([2, 1]);
});

test('and when somebody comes back to it, or by itself, each time after twice as long', async () => {
  register.mockRejectedValue(new TypeError('no network'));
  const update = await started();
  expect(update.failed).toBe(true);
  await vi.advanceTimersByTimeAsync(61_000);
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(register).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(register).toHaveBeenCalledTimes(3);
  // Another tab has stored it meanwhile.
  register.mockResolvedValueOnce({ installing: null, waiting: null, active: {} });
  await vi.advanceTimersByTimeAsync(4 * 60_000);
  expect([register.mock.calls.length, update.failed]).toEqual([4, false]);
});

test('however often that was for nothing, it is tried once an hour, and no more often than once a minute where people come and go', async () => {
  register.mockRejectedValue(new TypeError('no network'));
  await started();
  for (let n = 0; n < 30; n++) {
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(register).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  register.mockClear();
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  expect(register).toHaveBeenCalledTimes(3);
});

test('a page that belongs to no worker asks the one that is there to take it on, and is then told of a newer app', async () => {
  const [active, waiting] = [{ state: 'activated', postMessage: vi.fn() }, { postMessage: vi.fn() }];
  const changed = vi.spyOn(navigator.serviceWorker, 'addEventListener');
  register.mockResolvedValue({ installing: null, waiting, active });
  const update = await started();
  expect([active.postMessage.mock.calls, update.waiting]).toEqual([[['claim']], null]);
  Object.assign(navigator.serviceWorker, { controller: active });
  (changed.mock.calls.find(([name]) => name === 'controllerchange')![1] as () => void)();
  expect([active.postMessage.mock.calls.length, update.waiting, update.taken]).toEqual([1, waiting, false]);
});
