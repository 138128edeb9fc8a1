import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ContactRequest } from '../../shared/wire';
import { db, type KnownRequest } from '../store/db';
import { writeSession } from '../store/own';
import { loadPending, pending } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';
import More from './More.svelte';
import * as requests from './requests.svelte';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const open = { id: 'a', state: 'received', additions: [] as { id: string; message: string; at: string }[] };
const props = $state({ request: { id: 'a', client_id: 'jo', body: { requested_at: '2026-11-21T19:53:00Z', when: 'now', how: 'call' }, answer: open as ContactRequest, by_key: null, heard_at: null } as KnownRequest });

let target: HTMLElement;
let view: ReturnType<typeof mount>;
beforeEach(async () => {
  const store = await db();
  await store.clear('outbox');
  await writeSession(store, JO);
  session.current = JO;
  await loadPending('jo');
  target = document.body.appendChild(document.createElement('main'));
  target.innerHTML = '<h1 tabindex="-1">You asked for contact</h1>';
  view = mount(More, { target, props });
});
afterEach(async () => {
  await unmount(view);
  target.remove();
});
async function press(words: string) {
  const button = [...target.querySelectorAll('button')].find((one) => one.textContent === words)!;
  button.focus();
  button.click();
  for (let n = 0; n < 5; n++) await tick();
}
const focused = () => document.activeElement!;

test('whoever is asked once more stands in the question, and on the button again when they say no', async () => {
  await press('I don’t need this any more');
  expect(focused().getAttribute('role')).toBe('group');
  expect(document.getElementById(focused().getAttribute('aria-describedby')!)?.textContent).toMatch(/^Cancel your request\?/);
  await press('No, keep it');
  expect(focused().textContent).toBe('I don’t need this any more');
  await press('I don’t need this any more');
  await press('Yes, cancel it');
  await vi.waitFor(() => expect(focused().tagName).toBe('H1'));
});

test('who reads added words is said at the field, and how far they have come is announced', async () => {
  const field = target.querySelector('textarea')!;
  expect(document.getElementById(field.getAttribute('aria-describedby')!)?.textContent).toBe('The workers who answer can read this. It may be that nobody sees it tonight.');
  field.value = 'The gate sticks.';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const said = target.querySelector('form [role=status]')!;
  await press('Add');
  await vi.waitFor(() => expect(said.textContent).toBe('Saved on this phone, not sent yet'));
  // Only what the server itself has told of it has reached it.
  const id = pending.entries[0]!.id;
  pending.entries = [];
  await tick();
  expect(said.textContent).toBe('');
  props.request = { ...props.request, answer: { ...open, additions: [{ id, message: 'The gate sticks.', at: '2026-11-21T20:00:00Z' }] } as ContactRequest };
  await tick();
  expect(said.textContent).toBe('Reached your support provider');
});

test('words that are added by two quick taps are added once, and what the phone cannot keep is in the field again', async () => {
  const field = target.querySelector('textarea')!;
  const type = (words: string) => {
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  type('The gate sticks.');
  field.form!.requestSubmit();
  field.form!.requestSubmit();
  await vi.waitFor(() => expect(field.value).toBe(''));
  await vi.waitFor(() => expect(target.textContent).toContain('The gate sticks.'));
  await new Promise((later) => setTimeout(later, 20));
  expect(pending.entries.map(({ kind }) => kind)).toEqual(['contact_addition']);

  vi.spyOn(requests, 'addWords').mockRejectedValueOnce(new Error('full'));
  type('The bell is broken.');
  field.form!.requestSubmit();
  await vi.waitFor(() => expect(field.value).toBe('The bell is broken.'));
});
