import { mount, tick } from 'svelte';
import { expect, test } from 'vitest';
import Lazy from './Lazy.svelte';
import { arrival } from './arrival.svelte';

test('a page that cannot come says so, and its heading tells that it is there', async () => {
  const before = arrival.count;
  mount(Lazy, { target: document.body, props: { load: () => Promise.reject(new Error('no signal')) } });
  await expect.poll(() => document.querySelector('h1')?.textContent).toBe('This page is not on your phone yet');
  await tick();
  expect(arrival.count).toBe(before + 1);
});
