import { expect, test } from 'vitest';
import type { Dictionary, Entry } from '../../shared/i18n.svelte';
import { easy } from './easy.en';

// How old somebody has to be to read the app, by the Flesch-Kincaid grade (the library's texts are held to the same formula by the server).
// A formula knows nothing of sense; it only catches words that grew long. Welsh has no such formula.

const english: Record<string, Dictionary> = {};
for (const [path, { en }] of Object.entries(import.meta.glob<{ en?: Dictionary }>(['./*en.ts', './crisis.ts'], { eager: true }))) {
  if (en) english[path] = en;
}

const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : [entry.other]);
/** What is filled in is read as one short word. */
const filled = (form: string) => form.replace(/\{\w+\}/g, 'Sam').replace(/[“”]/g, '');
const syllables = (word: string): number => {
  const bare = word.toLowerCase().replace(/[^a-z]/g, '').replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, '').replace(/^y/, '');
  return Math.max(1, bare.match(/[aeiouy]{1,2}/g)?.length ?? 1);
};

/** The age at which most people can read this: five years before the first grade. */
function age(texts: string[]): number {
  const sentences = texts.flatMap((text) => text.split(/(?<=[.?:…])\s+/)).filter((one) => /\p{L}/u.test(one));
  const words = sentences.flatMap((one) => one.split(/\s+/)).filter((one) => /\p{L}/u.test(one));
  const sum = words.reduce((all, word) => all + syllables(word), 0);
  return 0.39 * (words.length / sentences.length) + 11.8 * (sum / words.length) - 15.59 + 5;
}
const said = (words: Dictionary) => Object.values(words).flatMap(forms).map(filled);

test('the formula knows an easy text from a hard one', () => {
  expect(age(['The cat sat on the mat.', 'It was warm.'])).toBeLessThan(6);
  expect(age(['Notwithstanding the aforementioned considerations, applicants must demonstrate eligibility through documentation.'])).toBeGreaterThan(16);
});

test('the app’s English can be read at nine to eleven', () => {
  for (const [file, words] of Object.entries(english)) expect(age(said(words)), file).toBeLessThan(11);
});

test('Easy Read can be read two years earlier, and in shorter sentences', () => {
  for (const [name, words] of Object.entries(easy)) {
    expect(age(said(words as Dictionary)), name).toBeLessThan(8);
    for (const text of said(words as Dictionary)) for (const sentence of text.split(/(?<=[.?:])\s+/)) expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(15);
  }
});

test('Easy Read is easier than what it stands for, all in all', () => {
  const usual = Object.entries(easy).flatMap(([name, words]) => {
    const whole = english[name === 'main' ? './en.ts' : `./${name}.en.ts`]!;
    return Object.keys(words).flatMap((key) => forms(whole[key]!)).map(filled);
  });
  expect(age(Object.values(easy).flatMap((words) => said(words as Dictionary)))).toBeLessThan(age(usual) - 0.8);
});
