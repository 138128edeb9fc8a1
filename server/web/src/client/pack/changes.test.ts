import { expect, test } from 'vitest';
import type { Addition, Mark } from '../../shared/wire-my-pack';
import type { Entry } from '../store/outbox';
import { EMPTY, markOf, UNMARKED, withWaiting } from './changes';

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`;
let n = 0;
const entry = (minute: number, made: Pick<Entry, 'kind' | 'body' | 'target'>, id = `e${n++}`, state: Entry['state'] = 'waiting') =>
  ({ id, client_id: 'jo', created_at: at(minute), state, reason: null, ...made }) as Entry;
const mark = (change: Partial<Mark>): Mark => ({ ...UNMARKED, changed_at: at(0), ...change });
const note = (id: string, title: string, shared = false): Addition => ({ id, kind: 'note', title, text: 'words', url: null, exercise: null, has_photo: false, made_at: at(0), shared });
const noteBody = (title: string, more = {}) => ({ kind: 'note' as const, title, text: 'words', made_at: at(0), shared: false, ...more });

test('what waits shows at once, over what the server knows', () => {
  const known = { ...EMPTY, marks: { sleep: mark({ bookmarked: true }) } };
  const pack = withWaiting(known, [entry(1, { kind: 'pack_feedback', target: 'sleep', body: mark({ bookmarked: false, helped: 'helped' }) })]);
  expect(markOf(pack, 'sleep')).toMatchObject({ bookmarked: false, helped: 'helped' });
  expect(markOf(pack, 'money')).toEqual(UNMARKED);
  expect(known.marks.sleep?.bookmarked).toBe(true);
});

test('a changed thing takes the place of the one before it, in the first-aid box too', () => {
  const pack = withWaiting({ ...EMPTY, additions: [note('old', 'Song')], first_aid: ['sleep', 'old'] }, [
    entry(1, { kind: 'pack_addition', target: null, body: noteBody('Songs', { replaces: 'old' }) }, 'new'),
  ]);
  expect(pack.additions.map((one) => one.title)).toEqual(['Songs']);
  expect(pack.first_aid).toEqual(['sleep', 'new']);
});

test('sharing an own thing is a mark on it; deleting it takes it out of everything', () => {
  const known = { ...EMPTY, additions: [note('a', 'Song')], first_aid: ['a'] };
  const share = entry(1, { kind: 'pack_feedback', target: 'a', body: mark({ shared: true }) });
  expect(withWaiting(known, [share]).additions[0]?.shared).toBe(true);
  expect(withWaiting(known, [share]).marks).toEqual({});
  const gone = withWaiting(known, [share, entry(2, { kind: 'pack_addition_gone', target: 'a', body: {} })]);
  expect(gone).toMatchObject({ additions: [], first_aid: [] });
});

test('in the order in which it was done, whatever the order on disk', () => {
  const entries = [entry(3, { kind: 'pack_first_aid', target: null, body: { ids: ['b'], changed_at: at(3) } }), entry(1, { kind: 'pack_first_aid', target: null, body: { ids: ['a'], changed_at: at(1) } })];
  expect(withWaiting(EMPTY, entries).first_aid).toEqual(['b']);
  expect(withWaiting(EMPTY, [...entries].reverse()).first_aid).toEqual(['b']);
});

test('what the server refused changes nothing, but an own thing still shows', () => {
  const refused = entry(1, { kind: 'pack_addition', target: null, body: noteBody('Song') }, 'a', 'refused');
  const mark_ = entry(1, { kind: 'pack_feedback', target: 'sleep', body: mark({ bookmarked: true }) }, 'b', 'refused');
  const pack = withWaiting(EMPTY, [refused, mark_]);
  expect(pack.additions).toHaveLength(1);
  expect(pack.marks).toEqual({});
});
