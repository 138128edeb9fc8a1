import { expect, test } from 'vitest';
import type { Entry } from '../../shared/i18n.svelte';
import { cy } from '../words/reminders.cy';
import { en } from '../words/reminders.en';

const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const blanks = (entry: Entry): string[] => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test('Welsh and English leave the same gaps to fill', () => {
  for (const [key, entry] of Object.entries(en)) expect([key, blanks(cy[key as keyof typeof en])].join()).toEqual([key, blanks(entry)].join());
});

test('nobody is counted, praised, hurried or told off', () => {
  for (const entry of [...Object.values(en), ...Object.values(cy)])
    for (const form of forms(entry)) expect(form).not.toMatch(/!|streak|in a row|well done|great|missed|overdue|late\b|forgot|failed|score|should|you must/i);
});
