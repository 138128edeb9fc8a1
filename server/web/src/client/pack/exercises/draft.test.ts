import { beforeEach, expect, test } from 'vitest';
import { db } from '../../store/db';
import { wipe } from '../../store/forgetting';
import { writeSession } from '../../store/own';
import { session } from '../../store/session.svelte';
import { readDraft, writeDraft } from './draft.svelte';
import type { StoredSession } from '../../store/stored';

const joinAs = async (client_id: string) => {
  const row = { client_id } as StoredSession;
  await writeSession(await db(), row);
  session.current = row;
};
beforeEach(() => joinAs('jo'));

test('what is half written is there again, for each exercise its own', async () => {
  await writeDraft('jo', 'letter_to_myself', { letter: { bad: 'The curtains' } });
  expect(await readDraft('letter_to_myself')).toEqual({ letter: { bad: 'The curtains' } });
  expect(await readDraft('worry_time')).toBeNull();
});

test('cleared, it is gone from the phone', async () => {
  await writeDraft('jo', 'worry_time', { typed: 'The rent' });
  await writeDraft('jo', 'worry_time', null);
  expect(await readDraft('worry_time')).toBeNull();
});

test('another person on the same phone never sees it, and signing out takes it away', async () => {
  await writeDraft('jo', 'worry_time', { typed: 'The rent' });
  await joinAs('sam');
  expect(await readDraft('worry_time')).toBeNull();
  await wipe(await db(), 'jo');
  await joinAs('jo');
  expect(await readDraft('worry_time')).toBeNull();
});

test('written after somebody else has joined, or by nobody, it is let go', async () => {
  await joinAs('sam');
  await writeDraft('jo', 'worry_time', { typed: 'The rent' });
  expect(await readDraft('worry_time')).toBeNull();
  await writeDraft(null, 'worry_time', { typed: 'The rent' });
  session.current = null;
  expect(await readDraft('worry_time')).toBeNull();
  await joinAs('jo');
  expect(await readDraft('worry_time')).toBeNull();
});
