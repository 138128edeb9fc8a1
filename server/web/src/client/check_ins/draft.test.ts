import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { put } from '../store/rows';
import { session } from '../store/session.svelte';
import type { StoredSession } from '../store/stored';
import { answer, clearDraft, draft, loadDraft, old, putAside, saveDraft } from './draft.svelte';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const NOW = Date.parse('2026-11-23T12:00:00Z');
const begun = async (at: string) =>
  put(await db(), 'cache', { client_id: 'jo', name: 'draft', data: { answers: { mood: 2 }, note: 'Slept badly', note_shared: false, stage: null }, etag: null, at });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  await writeSession(await db(), JO);
  session.current = JO;
});
afterEach(() => vi.useRealTimers());

test('answers of another day are not those of today: they go, it is said from when they were, and the words stay', async () => {
  await begun('2026-11-16T20:00:00Z');
  await loadDraft('jo');
  expect([draft.answers, draft.note, draft.note_shared, old.at]).toEqual([{}, 'Slept badly', false, '2026-11-16T20:00:00Z']);
  clearDraft();
  expect(old.at).toBeNull();

  await begun('2026-11-23T09:00:00Z');
  await loadDraft('jo');
  expect([draft.answers, old.at]).toEqual([{ mood: 2 }, null]);
});

test('also in an app that stays open, and where the clock was put back', async () => {
  await begun('2026-11-23T09:00:00Z');
  await loadDraft('jo');
  answer({ id: 'sleep' } as never, 3);
  await saveDraft();
  putAside(NOW + 3_600_000);
  expect(draft.answers).toEqual({ mood: 2, sleep: 3 });
  putAside(NOW + 13 * 3_600_000);
  expect([draft.answers, old.at]).toEqual([{}, '2026-11-23T12:00:00.000Z']);

  await begun('2027-11-23T09:00:00Z');
  await loadDraft('jo');
  expect(draft.answers).toEqual({});
});

test('what was begun last thing at night is not of the next morning, but of the same night it is', async () => {
  await begun('2026-11-23T22:00:00Z');
  vi.setSystemTime('2026-11-24T01:30:00Z');
  await loadDraft('jo');
  expect(draft.answers).toEqual({ mood: 2 });
  vi.setSystemTime('2026-11-24T08:00:00Z');
  await loadDraft('jo');
  expect([draft.answers, old.at]).toEqual([{}, '2026-11-23T22:00:00Z']);
});
