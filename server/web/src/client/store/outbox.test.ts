import { beforeEach, describe, expect, test } from 'vitest';
import { turnOn } from '../lock/turning';
import { keyFromPin, newSalt } from '../lock/wrap';
import { open, type Db } from './db';
import { wipe } from './forgetting';
import { uuidv7 } from '../../shared/uuid';
import { dropKeys } from './keys';
import { keep, keepNewest, keepRequest, mine, type Entry } from './outbox';
import { candidates } from './outbox/rules';
import { writeSession } from './own';
import { ids } from './rows';

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

  test('of marks on one thing what a newer app has left stays', async () => {
    const mark = (minute: number, state: string) => ({ ...checkIn(minute), kind: 'pack_feedback', target: 'sleep', state, body: {} }) as unknown as Entry;
    for (const [n, state] of ['refused', 'set_aside', 'held'].entries()) await keep(db, mark(n, state));
    await keepNewest(db, mark(4, 'waiting'));
    expect((await mine(db, JO)).map(({ state }) => state)).toEqual(['held', 'waiting']);
  });

  test.each(['open', 'locked'])('who asks for a person again takes no request back any more, in an app that is %s', async (app) => {
    await writeSession(db, { client_id: JO, access_token: 'a', refresh_token: 'r', expires_at: 0, contact_key: 'k', preferred_name: 'Jo', language: 'en', time_zone: 'Europe/London', over: null });
    const cancel: Entry = { ...addition(2, 'r1'), kind: 'contact_cancel', body: { id: 'c1' } };
    for (const entry of [checkIn(1), cancel, addition(3, 'r1')]) await keep(db, entry);
    if (app === 'locked') {
      const wrap = { kind: 'pin', iterations: 10, salt: newSalt() } as const;
      await turnOn(db, JO, wrap, await keyFromPin('blue7bird', wrap), 1);
      dropKeys();
    }
    const asked = await keepRequest(db, JO, 'now', 'call', '');
    expect((await ids(db, 'outbox', JO)).includes(cancel.id)).toBe(false);
    expect(await ids(db, 'outbox', JO)).toHaveLength(3);
    expect(await ids(db, 'outbox', JO)).toContain(asked);
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
