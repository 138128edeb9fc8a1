import { describe, expect, test } from 'vitest';
import type { Answer, Item } from '../../shared/wire';
import type { Mark, MyPack } from '../../shared/wire-my-pack';
import type { Stage } from '../../shared/wire-pack';
import { EMPTY, UNMARKED } from './changes';
import { suggest, type Candidate } from './suggest';

const item = (id: string, higher_is: 'better' | 'worse', key: Item['key'] = null): Item => ({
  id, series_id: id, version: 1, kind: key ? 'standard' : 'sign', key, text: id, labels: { low: '', middle: '', high: '' }, min: 1, max: 7, higher_is, position: 0,
});
const questions = new Map([item('mood', 'better', 'mood'), item('sleep', 'better', 'sleep'), item('pacing', 'worse')].map((one) => [one.id, one]));
const said = (values: Record<string, number | null>): Answer[] => Object.entries(values).map(([item_id, value]) => ({ item_id, value }));
const piece = (id: string, helps_with: string[], stage: Stage = 'any', retired = false): Candidate => ({
  resource: { id, slug: id, kind: 'article', exercise: null, retired, editions: {} }, text: { helps_with, stage },
});
const marked = (mark: Partial<Mark>): Mark => ({ ...UNMARKED, changed_at: '2026-11-22T10:00:00Z', ...mark });
const library = [piece('nights', ['sleep']), piece('routines', ['sleep', 'mood'], 'well'), piece('walks', ['mood']), piece('signs', ['own_sign'])];

function after(answers: Answer[], pack: Partial<MyPack> = {}, before: string[] = [], candidates = library) {
  return suggest({ answers, questions, candidates, pack: { ...EMPTY, ...pack }, before })?.resource.id ?? null;
}
const poorSleep = said({ mood: 5, sleep: 2, pacing: 1 });

describe('one suggestion after a check-in', () => {
  test('fits the hardest answer, and says which that was', () => {
    expect(suggest({ answers: poorSleep, questions, candidates: library, pack: EMPTY, before: [] })).toMatchObject({ resource: { id: 'nights' }, because: { key: 'sleep' } });
    expect(after(said({ mood: 2, sleep: 5, pacing: 1 }))).toBe('walks');
    expect(after(said({ mood: 4, sleep: 4, pacing: 7 }))).toBe('signs');
  });

  test('is none when nothing was hard, nothing was answered, or nothing fits', () => {
    expect(after(said({ mood: 5, sleep: 6, pacing: 2 }))).toBeNull();
    expect(after(said({ mood: null, sleep: null }))).toBeNull();
    expect(after(poorSleep, {}, [], [piece('walks', ['mood'])])).toBeNull();
  });

  test('is never what was not for them, or is no longer offered', () => {
    expect(after(poorSleep, { marks: { nights: marked({ helped: 'not_for_me' }) } })).toBe('routines');
    expect(after(poorSleep, {}, [], [piece('nights', ['sleep'], 'any', true)])).toBeNull();
    const both = { nights: marked({ helped: 'not_for_me' }), routines: marked({ helped: 'not_for_me' }) };
    expect(after(poorSleep, { marks: both, chosen: [{ resource_id: 'nights', why: null, by: null, added_at: '' }] })).toBeNull();
  });

  test('prefers what was chosen with them, then what helped, then the first-aid box, then the rest', () => {
    const sleepy = ['other', 'boxed', 'helped', 'second', 'first'].map((id) => piece(id, ['sleep']));
    const pack: Partial<MyPack> = {
      chosen: ['first', 'second'].map((resource_id) => ({ resource_id, why: null, by: null, added_at: '' })),
      marks: { helped: marked({ helped: 'helped' }) },
      first_aid: ['boxed'],
    };
    const order: (string | null)[] = [];
    for (let left = sleepy; left.length; left = left.filter(({ resource }) => resource.id !== order.at(-1))) order.push(after(poorSleep, pack, [], left));
    expect(order).toEqual(['first', 'second', 'helped', 'boxed', 'other']);
  });

  test('is not one of the last two again, unless there is no other', () => {
    expect(after(poorSleep, {}, ['nights'])).toBe('routines');
    expect(after(poorSleep, {}, ['nights', 'walks', 'signs'])).toBe('nights');
    expect(after(poorSleep, {}, ['nights', 'routines'])).toBe('nights');
  });
});
