import { beforeEach, expect, test } from 'vitest';
import type { CheckIn, Flag } from '../../shared/wire';
import { checkIns, flags, sharing } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { pending } from '../store/pending.svelte';
import { session } from '../store/session.svelte';
import { acceptFlag, answerTo, asksToTalk, flagById, flagsShown, heardSince, openFlags } from './store.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const flag = (id: string, more: Partial<Flag> = {}): Flag => ({
  id, kind: 'early_warning', state: 'open', raised_at: '2026-11-20T10:00:00Z', sentence: 'Sleep has gone from your usual 2 to 5.', facts: [], seen_by: null, seen_at: null, answer: null, ...more,
});

const made = (made_at: string, received_at = made_at) => ({ id: 'c', made_at, received_at, answers: [], replaced_by: null }) as unknown as CheckIn;
const knows = (...items: CheckIn[]) => checkIns.set('jo', { items, next_cursor: null, questions: [], usual: [], sentence: null });
const holds = (...items: Flag[]) => flags.set('jo', { items, next_cursor: null });
const says = (flag: string, answer: 'please_talk' | 'one_off') => {
  pending.entries = [{ id: 'a', client_id: 'jo', kind: 'flag_answer', target: flag, body: { id: 'a', answer }, created_at: '2026-11-22T10:00:00Z', state: 'waiting', reason: null }];
};

beforeEach(async () => {
  const store = await db();
  await store.clear('cache');
  await writeSession(store, JO);
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

test('what stands no longer is no news, but can be read; an older server does not say, and then it stands', async () => {
  await holds(flag('change', { stands: false }), flag('quiet', { kind: 'silence', stands: true }));
  expect(openFlags().map(({ id }) => id)).toEqual(['quiet']);
  expect(flagById('change')).not.toBeNull();
});

test('whoever asked to talk still sees it when it stands no longer, until somebody takes it', async () => {
  const gone = { kind: 'silence', stands: false } as const;
  await holds(flag('quiet', gone), flag('change', { stands: false }));
  says('quiet', 'please_talk');
  expect(openFlags().map(({ id }) => id)).toEqual(['quiet']);
  says('quiet', 'one_off');
  expect(openFlags()).toEqual([]);

  pending.entries = [];
  const answer = { answer: 'please_talk', words: null, at: '2026-11-21T10:00:00Z' } as const;
  expect(asksToTalk(flag('quiet', { ...gone, answer }))).toBe(true);
  expect(asksToTalk(flag('quiet', { ...gone, answer, state: 'acknowledged' }))).toBe(false);
});

test('a check-in that has just arrived may not have been thought about; later the server’s word counts', async () => {
  const quiet = flag('quiet', { kind: 'silence' });
  await knows(made('2026-11-22T10:00:00Z'));
  for (const [asked, over] of [['2026-11-22T09:00:00Z', true], ['2026-11-22T10:00:03Z', true], ['2026-11-22T10:02:00Z', false]] as const) {
    flags.at = asked;
    expect(heardSince(quiet), asked).toBe(over);
  }
  flags.at = '2026-11-22T09:00:00Z';
  await knows(made('2026-11-19T10:00:00Z', '2026-11-22T10:00:00Z'));
  expect(heardSince(quiet), 'of a day before it was raised').toBe(false);
});

test('an answer that comes back without words leaves those that are here, and puts no empty ones in their place', async () => {
  await holds(flag('change'));
  const blank: Partial<Flag> = { sentence: '', facts: [], answer: { answer: 'one_off', words: null, at: '2026-11-21T10:00:00Z' } };
  await acceptFlag('jo', flag('change', blank));
  expect(flagById('change')).toMatchObject({ sentence: 'Sleep has gone from your usual 2 to 5.', answer: { answer: 'one_off' } });
  await acceptFlag('jo', flag('other', blank));
  expect(flagById('other')).toBeNull();
});

test('a silence is over on this phone as soon as a check-in is saved, unless it was refused', () => {
  pending.entries = [{ id: 'c', client_id: 'jo', kind: 'check_in', target: null, body: { recorded_at: '2026-11-22T10:00:00Z', answers: [] }, created_at: '2026-11-22T10:00:00Z', state: 'waiting', reason: null }];
  expect(openFlags().map(({ id }) => id)).toEqual(['change']);
  expect(flagById('quiet')).not.toBeNull();
  pending.entries = pending.entries.map((one) => ({ ...one, state: 'refused', reason: 'No.' }));
  expect(openFlags().map(({ id }) => id)).toEqual(['quiet', 'change']);
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
