import { expect, test } from 'vitest';
import type { Entry } from '../../shared/i18n.svelte';
import { cy } from '../words/plan.cy';
import { en } from '../words/plan.en';
import { changeWords } from './change_words';
import { newlyTold } from './replay';
import { linesOfDay } from './today';

const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const blanks = (entry: Entry): string[] => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test('Welsh and English leave the same gaps to fill', () => {
  expect(Object.keys(cy)).toEqual(Object.keys(en));
  for (const [key, entry] of Object.entries(en)) expect([key, blanks(cy[key as keyof typeof en])].join()).toEqual([key, blanks(entry)].join());
});

test('nobody is scored, alarmed or told what they must do', () => {
  for (const entry of [...Object.values(en), ...Object.values(cy)])
    for (const form of forms(entry)) expect(form).not.toMatch(/!|score|risk|relapse|alarm|warning|missed|you should|you must|normal/i);
});

test('a change is said with its place, and what it was before', () => {
  expect(changeWords({ where: 'mine', stage: 'Wobbly', what: 'changed', before: 'Tea', after: 'Strong tea' })).toEqual({ head: 'Changed in “What I do”, in “Wobbly”', before: 'Tea', after: 'Strong tea' });
  expect(changeWords({ where: 'works', stage: null, what: 'removed', before: 'Tea', after: null })).toEqual({ head: 'Taken out of “What works for me”', before: 'Tea', after: null });
  expect(changeWords({ where: 'works', stage: null, what: 'moved', before: 'Tea', after: 'Tea' })).toEqual({ head: 'Moved in “What works for me”', before: null, after: 'Tea' });
});

test('two lines a day, and not the same ones every day', () => {
  const lines = ['a', 'b', 'c', 'd', 'e'];
  expect(linesOfDay(['a'], '2026-11-22')).toEqual(['a']);
  const days = ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'].map((day) => linesOfDay(lines, day));
  expect(days.every((two) => two.length === 2 && two[0] !== two[1])).toBe(true);
  expect(new Set(days.flat())).toEqual(new Set(lines));
});

test('of a look at the past only what the rules add is told, newest first', () => {
  const episode = (first_day: string, level: 'watch' | 'alert' = 'alert') => ({ kind: 'early_warning' as const, level, first_day, last_day: first_day, sentence: first_day });
  const now = [episode('2026-10-01'), episode('2026-10-05', 'watch')];
  expect(newlyTold({ now, then: [episode('2026-10-01'), episode('2026-10-05'), episode('2026-11-02')] }).map((one) => one.first_day)).toEqual(['2026-11-02', '2026-10-05']);
});
