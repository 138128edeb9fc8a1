import { mount, tick, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { speak } from '../../shared/i18n.svelte';
import type { Item } from '../../shared/wire';
import type { Plan } from '../../shared/wire-plan';
import { plan } from '../plan/store.svelte';
import { items } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { preferences } from '../store/preferences.svelte';
import { session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';
import { cy as known } from '../words/items.cy';
import CheckIn from './CheckIn.svelte';
import { clearDraft, draft } from './draft.svelte';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const item = (more: Partial<Item>): Item =>
  ({ id: 'm', series_id: 'm', kind: 'standard', key: 'mood', text: 'How has your mood been?', min: 1, max: 7, labels: { low: 'Very low', middle: 'In between', high: 'Good' }, higher_is: 'better', ...more }) as Item;

let target: HTMLElement;
let view: ReturnType<typeof mount>;
async function open(...asked: Item[]) {
  await items.set('jo', { items: asked, check_ins_per_week: 3 } as never);
  target = document.body.appendChild(document.createElement('main'));
  view = mount(CheckIn, { target });
  await settled();
}
const settled = async () => {
  for (let n = 0; n < 5; n++) await tick();
};
beforeEach(async () => {
  await writeSession(await db(), JO);
  session.current = JO;
  clearDraft();
});
afterEach(async () => {
  await unmount(view);
  target.remove();
  preferences.one_a_screen = false;
  speak('en');
});
async function press(words: string) {
  [...target.querySelectorAll('button')].find((one) => one.textContent!.trim() === words)!.click();
  await settled();
}

test('a note that is too long is said before it is saved, and Save goes to it', async () => {
  await open(item({}));
  const note = target.querySelector<HTMLTextAreaElement>('#note')!;
  const said = note.closest('.field')!.querySelector('[role=status]')!;
  expect(said.textContent).toBe('');
  // Spaces at the end are not kept, and do not count.
  draft.note = `${'x'.repeat(2001)}  `;
  await settled();
  expect(said.textContent).toBe('That is one letter too many. Your words are still here.');
  expect(note.getAttribute('aria-invalid')).toBe('true');
  expect(note.getAttribute('aria-describedby')).toContain(said.querySelector('p')!.id);
  await press('Save my check-in');
  expect(document.activeElement).toBe(note);
});

test('one thing a screen: the questions, then the step of the plan, then the note', async () => {
  await plan.set('jo', { current: { version: 1, body: { stages: [{ id: 's', name: 'Getting shaky' }] } } } as unknown as Plan);
  preferences.one_a_screen = true;
  await open(item({}));
  expect(target.querySelector('.step')!.textContent).toBe('1 of 3');
  await press('Next');
  await vi.waitFor(() => expect(target.textContent).toContain('Getting shaky'));
  expect(target.querySelector('#note')).toBeNull();
  await press('Next');
  expect(target.querySelector('#note')).not.toBeNull();
  expect(target.textContent).not.toContain('Getting shaky');
});

test('in Welsh the words of a scale that are not known in it are marked as English, and somebody’s own are not', async () => {
  speak('cy', { items: known });
  await open(item({ labels: { low: 'Rubbish', middle: 'In between', high: 'Good' } }), item({ id: 's', kind: 'sign', text: 'Llais', labels: { low: 'Byth', middle: '', high: 'Drwy’r dydd' } }));
  const marked = [...target.querySelectorAll<HTMLElement>('fieldset [lang]')].map((one) => [one.lang, one.textContent!.replace(/^\d/, '')]);
  expect(marked).toEqual([['en', 'Rubbish'], ['en', 'Rubbish']]);
});
