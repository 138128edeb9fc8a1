import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Occurrence, Reminder, ReminderBody } from '../../shared/wire-reminders';
import { reminders, sharing } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import Change from './Change.svelte';
import Conflict from './Conflict.svelte';
import Pause from './Pause.svelte';
import Row from './Row.svelte';
import { asItIs } from './form';
import type { Shown } from './view.svelte';

const reminder: Reminder = {
  id: 'a', change: 'a1', title: 'Tablets', note: null, about: 'own', plan_line: null, state: 'on', paused_until: null, by: { who: 'client', name: 'Jo' }, changed_at: '2026-11-01T10:00:00Z',
  schedule: { starts_on: '2026-11-01', times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null },
};
const occurrence = { id: 'o', reminder_id: 'a', date: '2026-11-22', time: '09:00', at: '2026-11-22T09:00:00Z', state: 'skipped' } as Occurrence;
const skipped: Shown = { occurrence, reminder, answer: 'skipped', until: null, reason: null, waiting: false, refused: null, due: false };

let target: HTMLElement;
let view: ReturnType<typeof mount> | undefined;
beforeEach(async () => {
  session.current = { client_id: 'jo' } as never;
  await sharing.load('jo');
  target = document.body.appendChild(document.createElement('main'));
});
afterEach(async () => {
  if (view) await unmount(view);
  view = undefined;
  target.remove();
});
const button = (words: RegExp) => [...target.querySelectorAll('button')].find((one) => words.test(one.textContent!))!;
async function press(words: RegExp) {
  button(words).focus();
  button(words).click();
  for (let n = 0; n < 5; n++) await tick();
}
const focused = () => document.activeElement!;

test('a reason is never said to be the person’s alone: what they share later is read then', async () => {
  view = mount(Row, { target, props: { one: skipped } });
  await press(/^Say why/);
  expect(target.textContent).toContain('If you share your reminders with your team, now or later, they can read this too.');
  expect(target.textContent).not.toMatch(/only you/i);
  await press(/^Never mind/);
  expect(focused().textContent).toMatch(/^Say why/);
  await press(/^Say something else/);
  expect(focused().textContent).toMatch(/^Done/);
});

test('what is missing is said at its field, and the focus is there', async () => {
  view = mount(Change, { target, props: { argument: 'new' } });
  await press(/^Save/);
  const field = focused() as HTMLInputElement;
  expect(field.labels?.[0]?.textContent).toBe('What shall it say?');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(field.getAttribute('aria-describedby')!.split(' ').at(-1)!)?.textContent).toBe('Say what it is about.');
  field.value = 'A walk';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const at = target.querySelector<HTMLInputElement>('input[type=time]')!;
  at.value = '';
  at.dispatchEvent(new Event('input', { bubbles: true }));
  await press(/^Save/);
  expect(focused()).toBe(at);
  expect(document.getElementById(at.getAttribute('aria-describedby')!)?.textContent).toBe('Choose a time.');
  expect(field.getAttribute('aria-invalid')).toBeNull();
});

test('a time taken out leaves the focus at the time that stands in its place', async () => {
  view = mount(Change, { target, props: { argument: 'new' } });
  await press(/^Add a time/);
  await press(/^Remove/);
  expect(focused()).toBe(target.querySelector('input[type=time]'));
});

test('two wordings are there to be read from their heading, and nothing is shouted', async () => {
  view = mount(Conflict, { target, props: { theirs: reminder, mine: asItIs(reminder), takeTheirs: () => undefined, keepMine: () => undefined } });
  await tick();
  expect(focused().textContent).toBe('This was changed meanwhile');
  expect(target.querySelector('[role=alert]')).toBeNull();
});

test('a pause is asked for and let be without losing one’s place, and a day that is over is said at the day', async () => {
  view = mount(Pause, { target, props: { until: null, save: async () => undefined } });
  await press(/^Pause this one/);
  const day = focused() as HTMLInputElement;
  expect(day.type).toBe('date');
  day.value = '2020-01-01';
  day.dispatchEvent(new Event('input', { bubbles: true }));
  await press(/^Pause$/);
  expect([focused(), day.getAttribute('aria-invalid')]).toEqual([day, 'true']);
  expect(document.getElementById(day.getAttribute('aria-describedby')!.split(' ')[1]!)?.textContent).toBe('Choose a day from today on.');
  await press(/^Leave it as it is/);
  expect(focused().textContent).toBe('Pause this one');
});

test('what is typed while it is being saved stays, is not called saved, and goes after it when Save was pressed again', async () => {
  session.current = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null };
  await writeSession(await db(), session.current);
  await reminders.load('jo');
  const asked: { body: ReminderBody; answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => init.method === 'GET' ? Promise.reject(new TypeError('no signal')) : new Promise<Response>((answered) => {
    const body = JSON.parse(init.body as string) as ReminderBody;
    asked.push({ body, answer: () => answered(Response.json({ ...reminder, ...body })) });
  }));
  view = mount(Change, { target, props: { argument: 'new' } });
  await tick();
  const title = target.querySelector<HTMLInputElement>('input[id^=title-]')!;
  const type = (words: string) => {
    title.value = words;
    title.dispatchEvent(new Event('input', { bubbles: true }));
  };
  type('A walk');
  await press(/^Save/);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  type('A walk with Mei');
  await press(/^One moment/);
  asked[0]!.answer();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect([title.value, target.querySelector('h1')!.textContent]).toEqual(['A walk with Mei', 'Make a reminder']);
  expect([asked[1]!.body.title, asked[1]!.body.based_on]).toEqual(['A walk with Mei', asked[0]!.body.change]);
  asked[1]!.answer();
  await vi.waitFor(() => expect(focused().textContent).toBe('Saved'));
  vi.unstubAllGlobals();
});
