import { expect, test, vi } from 'vitest';
import { saver } from './saving.svelte';

const made = { title: 'a', text: 'b' };

test('pressed twice, saved once', async () => {
  let done = () => {};
  const save = vi.fn(() => new Promise<void>((resolve) => (done = resolve)));
  const saving = saver(save);
  const first = saving.keep(made);
  expect(saving.busy).toBe(true);
  expect(await saving.keep(made)).toBe(false);
  done();
  expect(await first).toBe(true);
  expect(save).toHaveBeenCalledTimes(1);
  expect(saving.busy).toBe(false);
});

test('a phone that will not keep it says so, and it can be tried again', async () => {
  const save = vi.fn().mockRejectedValueOnce(new Error('full')).mockResolvedValueOnce(undefined);
  const saving = saver(save);
  expect(await saving.keep(made)).toBe(false);
  expect(saving.failed).toBe(true);
  expect(await saving.keep(made)).toBe(true);
  expect(saving.failed).toBe(false);
});
