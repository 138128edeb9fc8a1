import { beforeEach, expect, test } from 'vitest';
import type { Flag } from '../../shared/wire';
import { checkIns, flags, sharing } from '../store/about';
import { db, type StoredSession } from '../store/db';
import { pending } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { answerTo, flagById, flagsShown, openFlags } from './store.svelte';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const flag = (id: string, more: Partial<Flag> = {}): Flag => ({
  id, kind: 'early_warning', state: 'open', raised_at: '2026-11-20T10:00:00Z', sentence: 'Sleep has gone from your usual 2 to 5.', facts: [], seen_by: null, seen_at: null, answer: null, ...more,
});

beforeEach(async () => {
  const store = await db();
  await store.clear('cache');
  await store.put('kept', JO, 'session');
  session.current = JO;
  pending.entries = [];
  await sharing.load('jo');
  await checkIns.load('jo');
  await flags.set('jo', { items: [flag('quiet', { kind: 'silence' }), flag('change', { state: 'acknowledged' }), flag('old', { state: 'resolved' })], next_cursor: null });
});

test('a change and having gone quiet stand side by side; what is closed does not', () => {
  expect(openFlags().map(({ id }) => id)).toEqual(['quiet', 'change']);
  expect(flagById('old')?.state).toBe('resolved');
});

test('a silence is over on this phone as soon as there is a check-in, sent or not', () => {
  pending.entries = [{ id: 'c', client_id: 'jo', kind: 'check_in', target: null, body: { recorded_at: '2026-11-22T10:00:00Z', answers: [] }, created_at: '2026-11-22T10:00:00Z', state: 'waiting', reason: null }];
  expect(openFlags().map(({ id }) => id)).toEqual(['change']);
  expect(flagById('quiet')).not.toBeNull();
});

test('whoever chose not to be shown changes is shown none, though this phone remembers them', async () => {
  await sharing.set('jo', { pack_counted: true, flags_shown: false });
  expect(flagsShown()).toBe(false);
  expect(openFlags()).toEqual([]);
  expect(flagById('change')).toBeNull();
});

test('what an older server does not say is as it always was', async () => {
  await sharing.set('jo', { pack_counted: false });
  expect(flagsShown()).toBe(true);
});

test('the answer on this phone counts before the one the server knows, with its words', () => {
  const answered = flag('change', { answer: { answer: 'one_off', words: null, at: '2026-11-21T10:00:00Z' } });
  expect(answerTo(answered)).toEqual({ answer: 'one_off', words: null, sent: true, refused: null });
  pending.entries = [{ id: 'a', client_id: 'jo', kind: 'flag_answer', target: 'change', body: { id: 'a', answer: 'not_sure', words: 'Maybe.' }, created_at: '2026-11-22T10:00:00Z', state: 'waiting', reason: null }];
  expect(answerTo(answered)).toEqual({ answer: 'not_sure', words: 'Maybe.', sent: false, refused: null });
});
