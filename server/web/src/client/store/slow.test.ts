import { flushSync, mount, tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import App from '../App.svelte';
import { start, sync } from './sync.svelte';

test('a phone whose store does not answer shows numbers to ring after two seconds, and does not say that nobody has joined', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const open = indexedDB.open.bind(indexedDB);
  vi.spyOn(indexedDB, 'open').mockImplementation((...named) => Object.assign(open(...named), { addEventListener: () => undefined }));
  mount(App, { target: document.body });
  void start();
  vi.advanceTimersByTime(1_900);
  flushSync();
  expect(document.querySelector('main')).toBeNull();
  vi.advanceTimersByTime(200);
  await tick();
  expect(sync.ready).toBe(false);
  expect(document.querySelector('h1')?.textContent).toBe('Still opening');
  expect(document.body.textContent).toMatch(/116 123/);
  expect(document.querySelector('form')).toBeNull();
});
