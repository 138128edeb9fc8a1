import { beforeEach, describe, expect, test } from 'vitest';
import { open, type Db } from './db';
import { wipe } from './forgetting';
import { uuidv7 } from '../../shared/uuid';
import { keep, keepNewest, mine, type Entry } from './outbox';
import { candidates } from './outbox/rules';

const JO = 'client-jo';
const ALEX = 'client-alex';
let name: string;
let db: Db;
beforeEach(async () => {
  name = `test-${uuidv7()}`;
  db = await open(name);
});

const at = (minute: number) => `2026-11-21T21:${String(minute).padStart(2, '0')}:00.000Z`;
const checkIn = (minute: number, client_id = JO): Entry => ({
  id: uuidv7(Date.parse(at(minute))), client_id, kind: 'check_in', target: null, state: 'waiting', reason: null, created_at: at(minute),
  body: { recorded_at: at(minute), answers: [{ item_id: 'mood', value: 3 }] },
});
const contact = (minute: number, client_id = JO): Entry => ({
  id: uuidv7(Date.parse(at(minute))), client_id, kind: 'contact_request', target: null, state: 'waiting', reason: null, created_at: at(minute),
  body: { requested_at: at(minute), when: 'now', how: 'call' },
});
const addition = (minute: number, target: string): Entry => {
  const id = uuidv7(Date.parse(at(minute)));
  return { id, client_id: JO, kind: 'contact_addition', target, state: 'waiting', reason: null, created_at: at(minute), body: { id, message: 'and' } };
};

/** Which would go first, of these that were not tried in this round. */
const first = (entries: Entry[], ...tried: string[]) => candidates(entries, new Set(tried), Date.parse(at(30)))[0]?.id;

describe('the outbox', () => {
  test('survives a restart', async () => {
    const entry = checkIn(1);
    await keep(db, entry);
    db.close();
    const again = await open(name);
    expect(await mine(again, JO)).toEqual([entry]);
  });

  test('keeps one row for one id, however often it is kept', async () => {
    const entry = checkIn(1);
    await keep(db, entry);
    await keep(db, entry);
    expect(await mine(db, JO)).toHaveLength(1);
  });

  test('keeps words for a request until the request itself has gone', async () => {
    const request = contact(1);
    const words = addition(2, request.id);
    expect(first([words, request])).toBe(request.id);
    expect(first([words, request], request.id)).toBeUndefined();
    expect(first([words])).toBe(words.id);
  });

  test('of marks on one thing only the newest is worth sending', async () => {
    const body = { bookmarked: true, helped: null, read_to: 0, shared: false, shared_at: null, opened_at: null, changed_at: at(1) };
    const mark = (minute: number, target: string, client_id = JO): Entry => ({ ...checkIn(minute, client_id), kind: 'pack_feedback', target, body: { ...body, read_to: minute } });
    for (const entry of [mark(1, 'sleep'), mark(2, 'money'), mark(3, 'sleep'), mark(4, 'sleep', ALEX), mark(5, 'sleep')]) await keepNewest(db, entry);
    expect((await mine(db, JO)).map((entry) => [entry.target, entry.created_at])).toEqual([['money', at(2)], ['sleep', at(5)]]);
    expect(await mine(db, ALEX)).toHaveLength(1);
  });

  test('keeps the first-aid box until everything in it has gone', async () => {
    const note: Entry = { ...checkIn(5), kind: 'pack_addition', body: { kind: 'note', title: 'a', made_at: at(5), shared: false } };
    const box: Entry = { ...checkIn(6), kind: 'pack_first_aid', body: { ids: ['sleep', note.id], changed_at: at(6) } };
    const changed: Entry = { ...checkIn(4), kind: 'pack_addition', body: { kind: 'note', title: 'b', made_at: at(4), shared: false, replaces: note.id } };
    expect(first([box, note], note.id)).toBeUndefined();
    expect(first([changed, note])).toBe(note.id);
    expect(first([box])).toBe(box.id);
  });

  test('forgets one person without touching another', async () => {
    await keep(db, checkIn(1, ALEX));
    await keep(db, checkIn(1, JO));
    await wipe(db, JO);
    expect(await mine(db, JO)).toEqual([]);
    expect(await mine(db, ALEX)).toHaveLength(1);
  });
});
