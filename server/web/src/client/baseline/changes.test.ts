import { expect, test } from 'vitest';
import type { MyBaseline } from '../../shared/wire-my-warning';
import { earlier, endOf, withAnswered } from './changes';

const made = (id: string, more: Partial<MyBaseline> = {}): MyBaseline => ({
  id, state: 'agreed', first_day: '2026-08-01', last_day: '2026-08-28', items: [], words: null, proposed_by: 'Dee', proposed_at: '2026-09-01T10:00:00Z',
  agreed_how: 'together', answered_at: null, answer_words: null, in_force_from: '2026-09-01', in_force: false, ...more,
});
const first = made('first', { in_force: true });
const waiting = made('waiting', { state: 'proposed', agreed_how: null, in_force_from: null });
const known = { current: first, proposed: waiting, history: [waiting, first] };

test('a yes puts the proposal in force and keeps what was before', () => {
  const agreed = { ...waiting, state: 'agreed' as const, agreed_how: 'on_phone' as const, in_force: true, in_force_from: '2026-11-22' };
  const now = withAnswered(known, agreed);
  expect(now).toEqual({ current: agreed, proposed: null, history: [agreed, first] });
  expect(earlier(now)).toEqual([first]);
});

test('a no changes nothing but that it was said', () => {
  const declined = { ...waiting, state: 'declined' as const, answer_words: 'That was a bad month.' };
  const now = withAnswered(known, declined);
  expect(now).toEqual({ current: first, proposed: null, history: [declined, first] });
  expect(earlier(now)).toEqual([declined]);
});

test('an answer to what another proposal has overtaken leaves that one waiting', () => {
  const newer = made('newer', { state: 'proposed' });
  const now = withAnswered({ ...known, proposed: newer, history: [newer, ...known.history] }, { ...waiting, state: 'agreed', in_force: false });
  expect(now.proposed).toBe(newer);
  expect(now.current).toBe(first);
});

test('the answer is kept by a phone that knew of nothing', () => {
  expect(withAnswered(null, waiting)).toEqual({ current: null, proposed: null, history: [waiting] });
});

test('nothing that waits or stands is called earlier', () => {
  expect(earlier(known)).toEqual([]);
});

test('one ends on the day when the next agreed one begins, whatever was declined between them', () => {
  const [oldest, newest] = [made('oldest', { in_force_from: '2025-11-03' }), made('newest', { in_force_from: '2026-11-22' })];
  const history = [newest, made('no', { state: 'declined', in_force_from: null }), first, oldest];
  expect(endOf(history, oldest)).toBe('2026-09-01');
  expect(endOf(history, first)).toBe('2026-11-22');
  expect(endOf(history, newest)).toBeNull();
  expect(endOf([made('again'), first], first)).toBeNull();
});
