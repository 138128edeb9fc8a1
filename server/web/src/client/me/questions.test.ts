import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Items, ItemsBody } from '../../shared/wire';
import { items } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { session } from '../store/session.svelte';
import Questions from './Questions.svelte';

let page: object;
afterEach(() => {
  void unmount(page);
  vi.unstubAllGlobals();
});

const signs = (body: ItemsBody): Items =>
  ({ check_ins_per_week: body.check_ins_per_week, items: body.signs.map(({ series_id, text }) => ({ id: text, series_id: series_id ?? `of ${text}`, kind: 'sign', text })) }) as unknown as Items;

test('a sign that is typed on while it is being saved stays as it is typed, is not called saved, and is still the same sign', async () => {
  session.current = { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: Date.now() + 3_600_000, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null };
  await writeSession(await db(), session.current);
  await items.load('jo');
  await items.set('jo', signs({ check_ins_per_week: 3, signs: [] }));
  const asked: { body: ItemsBody; answer: () => void }[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => new Promise<Response>((answered) => {
    const body = JSON.parse(init.body as string) as ItemsBody;
    asked.push({ body, answer: () => answered(Response.json(signs(body))) });
  }));
  page = mount(Questions, { target: document.body });
  document.querySelector<HTMLElement>('.add')!.click();
  flushSync();
  const field = document.querySelector('textarea')!;
  const type = (words: string) => {
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
  };
  const save = () => document.querySelector('form')!.requestSubmit();
  const said = () => document.querySelector('form [role=status]')!.textContent;
  type('I sleep');
  save();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  type('I sleep little');
  save();
  save();
  asked[0]!.answer();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  flushSync();
  expect([document.querySelector('textarea')!.value, said()]).toEqual(['I sleep little', '']);
  expect(asked[1]!.body.signs).toEqual([{ series_id: 'of I sleep', text: 'I sleep little' }]);
  asked[1]!.answer();
  await vi.waitFor(() => (flushSync(), expect(said()).toContain('Saved')));
  expect([document.querySelector('textarea')!.value, asked.length]).toEqual(['I sleep little', 2]);
});
