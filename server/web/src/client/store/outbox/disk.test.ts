import { beforeEach, expect, test } from 'vitest';
import { uuidv7 } from '../../../shared/uuid';
import { open, type Db, type Received } from '../db';
import { mine } from '../outbox';
import { writeSession } from '../own';
import { ids, put } from '../rows';
import { workIn, type Change } from './answer';
import { change } from './disk';
import { nextRequest, newRound, type SyncAnswer } from './request';
import { NEW_BOOK, type Book, type Ruled } from './rules';

let db: Db;
beforeEach(async () => {
  db = await open(`test-${uuidv7()}`);
  await writeSession(db, { client_id: 'jo', access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null });
});

const NOW = '2026-11-21T22:00:00Z';
const received = (id: string, kind: string, received_at: string, target: string | null = null) =>
  put(db, 'received', { id, client_id: 'jo', kind, target, body: {}, created_at: received_at, state: 'waiting', reason: null, received_at } as unknown as Received);
const made = (book: Partial<Book>, more: Partial<Change>) => change(db, 'jo', { at: NOW, asOf: null }, () => ({ put: [], received: [], again: [], news: false, ...more, book: { ...NEW_BOOK, ...book } }) as never);

test('what was received long ago is kept while it is still to be offered, and goes after that', async () => {
  await received('old', 'check_in', '2026-10-01T00:00:00Z');
  await made({ offer: true }, { forgets: false });
  expect(await ids(db, 'received', 'jo')).toEqual(['old']);
  await made({}, { forgets: true });
  expect(await ids(db, 'received', 'jo')).toEqual([]);
});

test('a cancel that was lost does not wait again when a person was asked for after it, lost or not', async () => {
  await received('r1', 'contact_request', '2026-11-21T21:01:00Z');
  await received('c1', 'contact_cancel', '2026-11-21T21:02:00Z', 'r1');
  await received('r2', 'contact_request', '2026-11-21T21:03:00Z');
  await received('c2', 'contact_cancel', '2026-11-21T21:04:00Z', 'r2');
  await made({}, { again: ['r1', 'c1', 'c2'] });
  expect((await mine(db, 'jo')).map(({ id }) => id)).toEqual(['c2', 'r1']);
  expect(await ids(db, 'received', 'jo')).toEqual(['r2']);
});

test('of more than can be offered the newest are enough to know what was last', () => {
  const kept = Array.from({ length: 2_001 }, (_, n) => ({ id: `k${n}`, received_at: new Date(Date.parse('2026-11-01T00:00:00Z') + n * 1_000).toISOString() }));
  const entry: Ruled = { id: 'new', kind: 'check_in', target: null, body: {}, created_at: NOW, state: 'waiting', reason: null };
  const request = nextRequest([entry], kept, NEW_BOOK, newRound(), Date.parse(NOW))!;
  expect(request.offered).toHaveLength(2_000);
  const answer: SyncAnswer = { cursor: 'c', server_time: NOW, operations: [{ id: 'new', outcome: 'done', problem: null, answer: null }], changes: {}, offer_again: false, missing: [] };
  const worked = (received: typeof kept) => workIn([entry], received, NEW_BOOK, request, answer, Date.parse(NOW)).book.last;
  expect(worked(kept)).toBe('new');
  expect(worked([...kept, { id: 'beside', received_at: NOW }])).toBeNull();
});
