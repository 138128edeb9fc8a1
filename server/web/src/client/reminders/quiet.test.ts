import { flushSync, mount, tick, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { ReminderSettings } from '../../shared/wire-reminders';
import { reminders } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import Settings from './Settings.svelte';

const JO = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null } as const;
const NONE: ReminderSettings = { quiet_from: null, quiet_until: null, paused_until: null, follow_travel: false, zone: 'Europe/London', zone_here: null, discretion: 'neutral', calendar: false };

/** A server that answers only when it is told to, each time with all it was asked to change until then. */
function slowServer() {
  let settings = NONE;
  const asked: { change: Partial<ReminderSettings>; answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => new Promise<Response>((answered) => {
    const change = JSON.parse(init.body as string) as Partial<ReminderSettings>;
    asked.push({ change, answer: () => answered(Response.json((settings = { ...settings, ...change }))) });
  }));
  return asked;
}

let page: object;
afterEach(() => {
  void unmount(page);
  vi.unstubAllGlobals();
});

async function open() {
  await writeSession(await db(), JO);
  session.current = JO;
  await reminders.load('jo');
  await reminders.set('jo', { reminders: [], occurrences: [], settings: NONE });
  page = mount(Settings, { target: document.body });
}

test('hours that are changed while the switch is still on its way follow it, and only then are they called saved', async () => {
  const asked = slowServer();
  await open();
  const [on] = [...document.querySelectorAll<HTMLInputElement>('input[aria-describedby^=quiet-hint]')];
  on!.click();
  flushSync();
  const from = document.querySelector<HTMLInputElement>('input[type=time]')!;
  from.value = '21:00';
  from.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  from.form!.requestSubmit();
  await vi.waitFor(() => expect(asked.map((one) => one.change)).toEqual([{ quiet_from: '22:00', quiet_until: '07:00' }]));
  asked[0]!.answer();
  await vi.waitFor(() => expect(asked[1]?.change).toEqual({ quiet_from: '21:00', quiet_until: '07:00' }));
  await tick();
  expect(document.body.textContent).not.toContain('Saved with');
  asked[1]!.answer();
  await vi.waitFor(() => (flushSync(), expect(document.body.textContent).toContain('Saved with')));
  expect(reminders.data?.settings.quiet_from).toBe('21:00');
  expect(on!.checked).toBe(true);
  // What was said of the last change is not said of the next one before it is so.
  on!.click();
  flushSync();
  expect(document.body.textContent).not.toContain('Saved with');
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  asked[2]!.answer();
  await vi.waitFor(() => (flushSync(), expect(document.body.textContent).toContain('Saved with')));
});

test('what was pressed last stays on the screen until all is settled, and one setting goes after the other', async () => {
  const asked = slowServer();
  await open();
  const [words, neutral, hidden] = document.querySelectorAll<HTMLInputElement>('input[name^=words-]');
  const travel = document.querySelector<HTMLInputElement>('input[aria-describedby^=travel]')!;
  words!.click();
  hidden!.click();
  travel.click();
  flushSync();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  asked[0]!.answer();
  await vi.waitFor(() => expect(reminders.data?.settings.discretion).toBe('words'));
  flushSync();
  expect([words!.checked, neutral!.checked, hidden!.checked, travel.checked]).toEqual([false, false, true, true]);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await new Promise((later) => setTimeout(later, 20));
  expect(asked).toHaveLength(2);
  travel.click();
  flushSync();
  expect(travel.checked).toBe(false);
});
