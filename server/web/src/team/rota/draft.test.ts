import { expect, it } from 'vitest';
import { bodyOf, draftOf, freshPattern, missing, patternFormOf, wordsOf } from './draft';
import type { PatternBody, Rota } from './wire';

const TODAY = '2026-11-22';
const night: PatternBody = { id: 'p1', line: 'second', kind: 'waking_night', worker_id: null, starts_on: '2026-11-02', from: '22:00', until: '08:00', repeat: { unit: 'week', every: 2, weekdays: ['mo', 'th'] }, ends: { on: '2027-02-01' } };

it('gives back every pattern as it was', () => {
  const patterns: PatternBody[] = [
    night,
    { ...night, worker_id: 'd', repeat: { unit: 'week', every: 1, weekdays: ['mo', 'tu', 'we', 'th', 'fr'] }, ends: { after: 10 } },
    { ...night, repeat: { unit: 'day', every: 1 }, ends: null },
    { ...night, repeat: { unit: 'none', every: 1 }, ends: null },
    { ...night, repeat: { unit: 'month', every: 1, month: { nth: -1, weekday: 'su' } }, ends: null },
  ];
  for (const one of patterns) expect(bodyOf(patternFormOf(one, TODAY))).toEqual(one);
});

it('knows what has changed', () => {
  const rota = { patterns: [{ ...night, worker: null }], catch_all: null } as unknown as Rota;
  const draft = draftOf(rota, TODAY);
  const before = JSON.stringify(wordsOf(draft));
  draft.patterns[0]!.ends = 'never';
  draft.patterns[0]!.ends = 'on';
  expect(JSON.stringify(wordsOf(draft))).toBe(before);
  draft.catch_all = 'd';
  expect(JSON.stringify(wordsOf(draft))).not.toBe(before);
});

it('begins with a night every week on the day it is, and asks for what is missing', () => {
  const fresh = freshPattern(TODAY);
  expect(bodyOf(fresh)).toMatchObject({ worker_id: null, from: '22:00', until: '08:00', repeat: { unit: 'week', every: 1, weekdays: ['su'] }, ends: null });
  expect(missing(fresh)).toBeNull();
  expect(missing({ ...fresh, from: '' })).toBe('rota.need_times');
  expect(missing({ ...fresh, weekdays: [] })).toBe('remind.need_weekday');
});
