import { flushSync, mount, tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import App from '../App.svelte';
import { start, sync } from './sync.svelte';

test('a phone whose store fails at the start is not taken for one on which nobody has joined; it opens when the store does', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('Internal error opening backing store.', 'UnknownError');
  });
  mount(App, { target: document.body });
  void start();
  for (let tries = 0; tries < 4; tries++) await vi.advanceTimersByTimeAsync(5_000);
  flushSync();
  await tick();
  expect([sync.ready, sync.broken]).toEqual([false, true]);
  expect(document.querySelector('h1')?.textContent).toBe('Still opening');
  expect(document.body.textContent).toMatch(/116 123/);
  expect(document.querySelector('form')).toBeNull();

  open.mockRestore();
  await vi.advanceTimersByTimeAsync(30_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect([sync.ready, sync.broken]).toEqual([true, false]));
});
