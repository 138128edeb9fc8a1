import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../shared/i18n.svelte';
import { cy } from '../../words/exercises.cy';
import { en } from '../../words/exercises.en';
import { after, everyWay, wordOf } from './words';

const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const blanks = (entry: Entry): string[] => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

describe('the words', () => {
  test('Welsh and English leave the same gaps to fill', () => {
    for (const [key, entry] of Object.entries(en)) expect([key, blanks(cy[key as keyof typeof en])]).toEqual([key, blanks(entry)]);
  });
  test('nobody is shouted at, scored or pushed', () => {
    for (const entry of [...Object.values(en), ...Object.values(cy)]) for (const form of forms(entry)) expect(form).not.toMatch(/!|well done|streak|score|you should|you must/i);
  });
  test('no two answers that are saved read the same', () => {
    for (const keys of [['worry.still', 'worry.smaller', 'worry.gone', 'worry.can_do'], ['step.did_it', 'step.did_some', 'step.not_today', 'step.kept_let_go'], ['letter.kept_bad', 'letter.kept_helped', 'letter.kept_ring', 'letter.kept_hear']] as const) {
      const all = keys.flatMap(everyWay);
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

test('a saved line is known in either language', () => {
  expect(after('step.kept_went', 'Sut aeth hi: Nid heddiw')).toBe('Nid heddiw');
  expect(after('step.kept_went', 'How it was')).toBeNull();
  expect(wordOf('step', ['did_it', 'not_today'], ' Nid heddiw ')).toBe('not_today');
  expect(wordOf('step', ['did_it', 'not_today'], 'Perhaps')).toBeNull();
});
