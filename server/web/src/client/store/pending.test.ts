import { beforeEach, expect, test, vi } from 'vitest';
import type { Db } from './db';
import { mine, type Entry } from './outbox';
import { loadPending, pending } from './pending.svelte';

vi.mock('./outbox', () => ({ mine: vi.fn() }));
vi.mock('./db', () => ({ db: async () => ({}) as Db }));

const entry = (id: string) => ({ id }) as Entry;
/** Each read ends when the test says so. */
const ends: ((entries: Entry[]) => void)[] = [];

beforeEach(() => {
  ends.length = 0;
  vi.mocked(mine).mockImplementation(() => new Promise((done) => ends.push(done)));
});

test('a read that began earlier and ends later shows nothing, and is over when the newer one is', async () => {
  const older = loadPending('jo');
  const newer = loadPending('jo');
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  let over = false;
  void older.then(() => (over = true));
  ends[0]!([entry('let go')]);
  await new Promise((done) => setTimeout(done));
  expect([pending.entries, over]).toEqual([[], false]);
  ends[1]!([entry('kept')]);
  await Promise.all([older, newer]);
  expect(pending.entries).toEqual([entry('kept')]);
});

test('of somebody who has left, nothing that comes late is shown', async () => {
  const late = loadPending('jo');
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  await loadPending(null);
  ends[0]!([entry('theirs')]);
  await late;
  expect(pending.entries).toEqual([]);
});
