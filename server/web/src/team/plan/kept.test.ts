import { afterEach, expect, it } from 'vitest';
import { signOut } from '../session.svelte';
import { emptyBody } from './body';
import { keep, letGo, recall } from './kept';

afterEach(() => sessionStorage.clear());
const words = { body: { ...emptyBody(), works: [{ id: 'w', text: 'Quiet', beside: null }] }, based_on: 'v1', rules: [], at: '2026-11-22T10:00:00Z' };

it('keeps what is being written for this client, in this tab', () => {
  keep('c1', words);
  expect(recall('c1')).toEqual(words);
  expect(recall('c2')).toBeNull();
  letGo('c1');
  expect(recall('c1')).toBeNull();
});

it('leaves nothing behind when somebody signs out', () => {
  keep('c1', words);
  signOut();
  expect(Object.keys(sessionStorage)).toEqual([]);
});

it('takes nothing that is not a plan', () => {
  keep('c1', words);
  sessionStorage.setItem(Object.keys(sessionStorage)[0]!, '{"body":3}');
  expect(recall('c1')).toBeNull();
});
