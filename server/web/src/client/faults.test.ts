import { mount, tick, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { speak } from '../shared/i18n.svelte';
import Proposed from './baseline/Proposed.svelte';
import Change from './flags/Change.svelte';
import Needs from './me/Needs.svelte';
import Questions from './me/Questions.svelte';
import AddForm from './pack/AddForm.svelte';
import Own from './pack/Own.svelte';
import NotSent from './sending/NotSent.svelte';
import { flags, items, me, sharing } from './store/about';
import { db } from './store/db';
import { writeSession } from './store/own';
import { pending } from './store/pending.svelte';
import { session } from './store/session.svelte';
import type { StoredSession } from './store/stored';
import { cy as problems } from './words/problems.cy';

// What a form lacks is said at the field that lacks it, and the focus is there; what is pressed and goes leaves nobody nowhere.

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
let target: HTMLElement;
let view: ReturnType<typeof mount> | undefined;
beforeEach(async () => {
  await writeSession(await db(), JO);
  session.current = JO;
  pending.entries = [];
  target = document.body.appendChild(document.createElement('main'));
});
afterEach(async () => {
  if (view) await unmount(view);
  view = undefined;
  target.remove();
});
const settled = async () => {
  for (let n = 0; n < 5; n++) await tick();
};
async function open(page: Component<any>, props = {}) {
  view = mount(page, { target, props });
  await settled();
}
async function press(words: RegExp) {
  const button = [...target.querySelectorAll('button')].find((one) => words.test(one.textContent!))!;
  button.focus();
  button.click();
  await settled();
}
const focused = () => document.activeElement as HTMLInputElement;
const describes = (element: Element) => element.getAttribute('aria-describedby')!.split(' ').map((id) => document.getElementById(id)?.textContent);

test('whoever answers a change is told at the answers that one is missing', async () => {
  await sharing.load('jo');
  await flags.set('jo', { items: [{ id: 'f', kind: 'early_warning', state: 'open', raised_at: '2026-11-20T10:00:00Z', sentence: 'Sleep has changed.', facts: [], seen_by: null, seen_at: null, answer: null }], next_cursor: null } as never);
  await open(Change, { argument: 'f' });
  expect(target.textContent).toContain('Nobody has said that they saw this yet.');
  await press(/^Save my answer/);
  const group = focused().closest('[role=radiogroup]')!;
  expect(group.getAttribute('aria-invalid')).toBe('true');
  expect(describes(group)).toContain('Choose one of the three first.');
});

test('so is whoever answers what is suggested as their usual', async () => {
  await open(Proposed, { proposed: { id: 'p', items: [], first_day: '2026-10-01', last_day: '2026-10-28', proposed_at: '2026-11-20T10:00:00Z', proposed_by: null }, instead: null, answered: () => undefined });
  await press(/^Save my answer/);
  expect(describes(focused().closest('[role=radiogroup]')!)).toContain('Choose one of the two first.');
});

test('an interpreter needs a language, and that is said where it is written', async () => {
  await me.set('jo', { communication: { needs: ['interpreter'] }, note_readers: [], team: [], provider: { name: 'Harbour Support' } } as never);
  await open(Needs);
  await press(/^Save/);
  expect(focused().id).toBe('interpreter');
  expect(focused().getAttribute('aria-invalid')).toBe('true');
  expect(describes(focused())).toEqual(['Write which language first.']);
});

test('something for the pack says at which field it lacks something', async () => {
  await open(AddForm, { kind: 'note', before: null });
  await press(/^Save/);
  expect([focused().id, focused().getAttribute('aria-invalid')]).toEqual(['title', 'true']);
  focused().value = 'A calm place';
  focused().dispatchEvent(new Event('input', { bubbles: true }));
  await press(/^Save/);
  expect([focused().id, focused().getAttribute('aria-invalid')]).toEqual(['text', 'true']);
  expect(target.querySelector('#title')!.getAttribute('aria-invalid')).toBeNull();
});

test('a sign that is taken out is said to be, and the focus goes to the next one', async () => {
  const sign = (id: string) => ({ id, series_id: id, kind: 'sign', text: id });
  await items.set('jo', { items: [sign('walls'), sign('voices')], check_ins_per_week: 3 } as never);
  await open(Questions);
  await press(/^Remove.*walls/);
  expect(target.textContent).toContain('Removed. It goes when you save.');
  expect(focused().textContent).toContain('voices');
  await press(/^Remove.*voices/);
  expect(focused().textContent).toBe('Add a sign');
});

test('whoever would take something off this phone is asked, and stands where they stood when they keep it', async () => {
  pending.entries = [{ id: 'c', client_id: 'jo', kind: 'check_in', target: null, body: { note: 'x' }, created_at: '2026-11-22T10:00:00Z', state: 'refused', reason: 'No.' } as never];
  await open(NotSent);
  await press(/^Take it off this phone/);
  expect(focused().getAttribute('role')).toBe('group');
  await press(/^Keep it/);
  expect(focused().textContent).toMatch(/^Take it off this phone/);
  pending.entries = [];
  await settled();
  expect(target.textContent).toContain('Nothing is waiting to be sent.');
});

test('the same of something in the pack; why it was not taken is said in Welsh', async () => {
  const reason = 'Your pack is full. Please remove something first.';
  pending.entries = [{ id: 'n', client_id: 'jo', kind: 'pack_addition', target: null, body: { kind: 'note', title: 'Calm', text: 'x', shared: false, made_at: '2026-11-22T10:00:00Z' }, created_at: '2026-11-22T10:00:00Z', state: 'refused', reason } as never];
  speak('cy', { problems });
  await open(Own, { argument: 'n' });
  expect(target.textContent).toContain(problems[reason]);
  speak('en');
  await settled();
  const remove = [...target.querySelectorAll('button')].at(-1)!.textContent!;
  await press(new RegExp(`^${remove}`));
  const keep = focused().textContent!;
  await press(new RegExp(`^${keep}`));
  expect(focused().textContent).toBe(remove);
});
