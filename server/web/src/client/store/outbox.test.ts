import { beforeEach, describe, expect, test } from 'vitest';
import { open, wipe, type Db } from './db';
import { uuidv7 } from '../../shared/uuid';
import { flush, keep, keepNewest, mine, next, type Entry, type Outcome } from './outbox';

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

/** A server that writes down what came, and answers as told. */
function server(answer: (entry: Entry) => Outcome = () => 'sent') {
  const got: Entry[] = [];
  return { got, send: async (entry: Entry) => (got.push(entry), answer(entry)) };
}

describe('the outbox', () => {
  test('survives a restart', async () => {
    const entry = checkIn(1);
    await keep(db, entry);
    db.close();
    const again = await open(name);
    expect(await mine(again, JO)).toEqual([entry]);
  });

  test('sends each thing once, also when asked twice at the same time', async () => {
    await keep(db, checkIn(1));
    const { got, send } = server();
    await flush(db, JO, send);
    await flush(db, JO, send);
    expect(got).toHaveLength(1);
    expect(await mine(db, JO)).toEqual([]);
  });

  test('keeps one row for one id, however often it is kept', async () => {
    const entry = checkIn(1);
    await keep(db, entry);
    await keep(db, entry);
    expect(await mine(db, JO)).toHaveLength(1);
  });

  test('sends requests for contact before check-ins, each kind in the order it was made', async () => {
    for (const entry of [checkIn(2), checkIn(1), contact(4), contact(3)]) await keep(db, entry);
    const { got, send } = server();
    await flush(db, JO, send);
    expect(got.map((entry) => entry.created_at)).toEqual([at(3), at(4), at(1), at(2)]);
  });

  test('lets a request made meanwhile overtake what is still waiting', async () => {
    for (const entry of [checkIn(1), checkIn(2)]) await keep(db, entry);
    const got: string[] = [];
    await flush(db, JO, async (entry) => {
      if (got.length === 0) await keep(db, contact(5));
      got.push(entry.kind);
      return 'sent';
    });
    expect(got).toEqual(['check_in', 'contact_request', 'check_in']);
  });

  test('keeps words for a request until the request itself has gone', async () => {
    const request = contact(1);
    const words = addition(2, request.id);
    expect(next([words, request], new Set())?.id).toBe(request.id);
    expect(next([words, request], new Set([request.id]))).toBeUndefined();
    expect(next([words], new Set())?.id).toBe(words.id);
  });

  test('of marks on one thing only the newest is worth sending', async () => {
    const body = { bookmarked: true, helped: null, read_to: 0, shared: false, shared_at: null, opened_at: null, changed_at: at(1) };
    const mark = (minute: number, target: string, client_id = JO): Entry => ({ ...checkIn(minute, client_id), kind: 'pack_feedback', target, body: { ...body, read_to: minute } });
    for (const entry of [mark(1, 'sleep'), mark(2, 'money'), mark(3, 'sleep'), mark(4, 'sleep', ALEX), mark(5, 'sleep')]) await keepNewest(db, entry);
    expect((await mine(db, JO)).map((entry) => [entry.target, entry.created_at])).toEqual([['money', at(2)], ['sleep', at(5)]]);
    expect(await mine(db, ALEX)).toHaveLength(1);
  });

  test('a newer mark made while an older one is on its way is sent after it', async () => {
    const body = { bookmarked: true, helped: null, read_to: 0, shared: false, shared_at: null, opened_at: null, changed_at: at(1) };
    const mark = (minute: number): Entry => ({ ...checkIn(minute), kind: 'pack_feedback', target: 'sleep', body });
    await keepNewest(db, mark(1));
    const got: string[] = [];
    await flush(db, JO, async (entry) => {
      if (got.push(entry.created_at) === 1) await keepNewest(db, mark(2));
      return 'sent';
    });
    expect(got).toEqual([at(1), at(2)]);
    expect(await mine(db, JO)).toEqual([]);
  });

  test('keeps the first-aid box until everything in it has gone', async () => {
    const note: Entry = { ...checkIn(5), kind: 'pack_addition', body: { kind: 'note', title: 'a', made_at: at(5), shared: false } };
    const box: Entry = { ...checkIn(6), kind: 'pack_first_aid', body: { ids: ['sleep', note.id], changed_at: at(6) } };
    const changed: Entry = { ...checkIn(4), kind: 'pack_addition', body: { kind: 'note', title: 'b', made_at: at(4), shared: false, replaces: note.id } };
    expect(next([box, note], new Set([note.id]))).toBeUndefined();
    expect(next([changed, note], new Set())?.id).toBe(note.id);
    expect(next([box], new Set())?.id).toBe(box.id);
  });

  test("never sends what another person wrote on this phone", async () => {
    await keep(db, checkIn(1, ALEX));
    await keep(db, contact(2, ALEX));
    const { got, send } = server();
    await flush(db, JO, send);
    expect(got).toEqual([]);
    expect(await mine(db, ALEX)).toHaveLength(2);
  });

  test('forgets one person without touching another', async () => {
    await keep(db, checkIn(1, ALEX));
    await keep(db, checkIn(1, JO));
    await wipe(db, JO);
    expect(await mine(db, JO)).toEqual([]);
    expect(await mine(db, ALEX)).toHaveLength(1);
  });

  test('shows what was refused, with the reason, and does not send it again', async () => {
    await keep(db, checkIn(1));
    const { got, send } = server(() => ({ refused: 'This id is taken.' }));
    await flush(db, JO, send);
    await flush(db, JO, send);
    expect(got).toHaveLength(1);
    expect((await mine(db, JO))[0]).toMatchObject({ state: 'refused', reason: 'This id is taken.' });
  });

  test('keeps everything when the server cannot be reached, and stops asking', async () => {
    for (const entry of [contact(1), checkIn(2)]) await keep(db, entry);
    const { got, send } = server(() => 'unreachable');
    await flush(db, JO, send);
    expect(got).toHaveLength(1);
    expect(await mine(db, JO)).toHaveLength(2);
  });

  test('goes on to the next when one has to wait', async () => {
    for (const entry of [contact(1), checkIn(2)]) await keep(db, entry);
    const { got, send } = server((entry) => (entry.kind === 'contact_request' ? 'later' : 'sent'));
    await flush(db, JO, send);
    expect(got).toHaveLength(2);
    expect((await mine(db, JO)).map((entry) => entry.kind)).toEqual(['contact_request']);
  });
});
