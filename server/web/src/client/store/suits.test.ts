import { beforeEach, expect, test } from 'vitest';
import { speech } from '../../shared/i18n.svelte';
import type { Communication } from '../../shared/wire-needs';
import type { Me, Provider } from '../../shared/wire';
import { t } from '../words';
import { beginSpeaking, missing } from '../words/speaking.svelte';
import { usualHow } from '../contact/how';
import { asRung } from '../help/lines';
import { me } from './about';
import { db } from './db';
import { writeSession } from './own';
import type { StoredSession } from './stored';
import { loadPreferences, prefer, preferences } from './preferences.svelte';
import { provider } from './provider.svelte';
import { session } from './session.svelte';
import { keepLooks } from '../lock/looks';
import { easyRead, language, readAloud, textFirst, textSize } from './suits.svelte';

const record = async (needs: string[]) => {
  const communication: Communication = { needs, interpreter_language: null, words: null, changed_at: null, changed_by: null };
  await me.set('rhian', { client: { id: 'rhian', language: 'cy' }, communication } as unknown as Me);
};
const offers = (languages?: ('en' | 'cy')[]) => (provider.known = { name: 'Harbour', ...(languages ? { languages } : {}) } as Provider);

beforeEach(async () => {
  const row = { client_id: 'rhian', language: 'cy', over: null } as unknown as StoredSession;
  await writeSession(await db(), row);
  Object.assign(session, { current: row, locked: false, language: null });
  await prefer({ language: null, one_a_screen: false, text_size: null, easy_read: null, easy: null, read_aloud: null });
  await record([]);
  offers();
});

test('Welsh is spoken only where it is offered: an older server, or one that says nothing, offers English', () => {
  expect(language()).toBe('en');
  offers(['en']);
  expect(language()).toBe('en');
  offers(['en', 'cy']);
  expect(language()).toBe('cy');
  preferences.language = 'en';
  expect(language()).toBe('en');
});

test('what the record says counts until the person has chosen on this phone', async () => {
  expect([easyRead(), readAloud(), textSize(), usualHow()]).toEqual([false, false, 'usual', 'call']);
  await record(['easy_read']);
  expect([easyRead(), readAloud(), textSize()]).toEqual([true, true, 'larger']);
  await record(['large_text', 'read_aloud', 'text_not_call']);
  expect([easyRead(), readAloud(), textSize(), usualHow()]).toEqual([false, true, 'larger', 'text']);
  await prefer({ easy: false, read_aloud: false, text_size: 'usual' });
  await record(['easy_read', 'large_text', 'read_aloud']);
  expect([easyRead(), readAloud(), textSize()]).toEqual([false, false, 'usual']);
});

test('in front of the lock the app looks and speaks as it did, and nothing there says why', async () => {
  offers(['en', 'cy']);
  await record(['easy_read', 'bsl', 'relay_call']);
  expect([textFirst(), usualHow()], 'who signs and is called by the relay service is called').toEqual([false, 'call']);
  await record(['easy_read', 'text_not_call', 'relay_call']);
  await keepLooks(true);
  Object.assign(session, { current: null, locked: true, language: 'cy' });
  await me.clear();
  expect([easyRead(), readAloud(), textSize(), textFirst(), usualHow(), language()]).toEqual([true, true, 'larger', true, 'text', 'cy']);
  expect(asRung('01632 960 001')).toBe('18001 01632 960 001');
  expect(JSON.stringify(await (await db()).get('kept', 'preferences'))).not.toMatch(/bsl|easy_read":true|needs/);
  // Opened, the record counts again; with no lock nothing of it stays.
  Object.assign(session, { current: { client_id: 'rhian', language: 'cy' }, locked: false, language: null });
  await record([]);
  expect([easyRead(), textFirst()]).toEqual([false, false]);
  await keepLooks(false);
  expect(preferences.at_lock).toBeNull();
});

test('as long as their record cannot be read, what was kept for the lock stays so; with the lock off it goes all the same', async () => {
  await record(['easy_read']);
  await keepLooks(true);
  await me.clear();
  await keepLooks(true);
  expect(preferences.at_lock?.easy).toBe(true);
  await keepLooks(false);
  expect(preferences.at_lock).toBeNull();
});

test('what an older app stored without anybody choosing it is no choice', async () => {
  await (await db()).put('kept', { language: null, one_a_screen: true, text_size: 'usual', easy_read: false } as never, 'preferences');
  await loadPreferences();
  expect(preferences).toMatchObject({ one_a_screen: true, text_size: null, easy_read: null });
  await (await db()).put('kept', { language: null, one_a_screen: false, text_size: 'largest', easy_read: true } as never, 'preferences');
  await loadPreferences();
  expect(preferences).toMatchObject({ text_size: 'largest', easy_read: true });
});

test('the words are there before the first page, change with the choice, and the page is marked as what it is', async () => {
  offers(['en', 'cy']);
  await beginSpeaking();
  expect([speech.language, document.documentElement.lang, t('nav.today'), missing.language]).toEqual(['cy', 'cy', 'Heddiw', null]);
  await prefer({ language: 'en', easy: true });
  await expect.poll(() => t('contact.button')).toBe('I want someone to get in touch');
  expect([document.documentElement.lang, document.documentElement.dataset.text]).toEqual(['en', 'larger']);
  // What has no easier words is said in the usual ones.
  expect(t('nav.today')).toBe('Today');
  await prefer({ easy: false });
  await expect.poll(() => t('contact.button')).toBe('I’d like someone to contact me');
});
