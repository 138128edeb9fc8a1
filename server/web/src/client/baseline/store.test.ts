import { beforeEach, describe, expect, test } from 'vitest';
import type { MyBaseline } from '../../shared/wire-my-warning';
import { baseline } from '../store/about';
import { db } from '../store/db';
import { writeSession } from '../store/own';
import { keepNewest, mine, type EntryOf } from '../store/outbox';
import { loadPending } from '../store/pending.svelte';
import { operation } from '../store/outbox/operation';
import { accept } from '../store/sender';
import { session } from '../store/session.svelte';
import { answerTo, unanswered } from './store.svelte';
import type { StoredSession } from '../store/stored';

const JO: StoredSession = {
  client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null,
};
const proposal: MyBaseline = {
  id: 'p1', state: 'proposed', first_day: '2026-08-01', last_day: '2026-08-28', items: [], words: 'Your good spring.', proposed_by: 'Dee', proposed_at: '2026-11-20T10:00:00Z',
  agreed_how: null, answered_at: null, answer_words: null, in_force_from: null, in_force: false,
};
const said = (id: string, answer: 'agree' | 'not_my_usual'): EntryOf<'baseline_answer'> => ({
  id, client_id: 'jo', kind: 'baseline_answer', target: 'p1', body: { id, answer }, created_at: '2026-11-22T10:00:00Z', state: 'waiting', reason: null,
});
const keep = async (entry: EntryOf<'baseline_answer'>) => {
  await keepNewest(await db(), entry);
  await loadPending('jo');
};

beforeEach(async () => {
  const store = await db();
  for (const name of ['cache', 'outbox'] as const) await store.clear(name);
  await writeSession(store, JO);
  session.current = JO;
  await loadPending('jo');
  await baseline.load('jo');
  await baseline.set('jo', { current: null, proposed: proposal, history: [proposal] });
});

describe('an answer to what was suggested as usual', () => {
  test('is no longer asked for once it is on this phone, sent or not', async () => {
    expect(unanswered()?.id).toBe('p1');
    await keep(said('a1', 'agree'));
    expect(unanswered()).toBeNull();
    expect(answerTo('p1')?.body.answer).toBe('agree');
  });

  test('can be changed while it waits: only the newest goes', async () => {
    await keep(said('a1', 'agree'));
    await keep(said('a2', 'not_my_usual'));
    expect((await mine(await db(), 'jo')).map((entry) => entry.id)).toEqual(['a2']);
  });

  test('travels with its proposal, and what the server says to it is known at once', async () => {
    const agreed = { ...proposal, state: 'agreed' as const, agreed_how: 'on_phone' as const, in_force: true, in_force_from: '2026-11-22' };
    expect(operation(said('a1', 'agree'))).toEqual({ id: 'a1', kind: 'baseline_answer', body: { baseline_id: 'p1', answer: 'agree' } });
    await accept(said('a1', 'agree'), agreed);
    expect(baseline.data).toEqual({ current: agreed, proposed: null, history: [agreed] });
  });
});
