import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '../../../../shared/i18n.svelte';
import { welsh as inWelsh } from '../../../words/welsh';
import { cut, LONGEST_TITLE } from '../kept';
import { en } from '../../../words/exercises.en';
import { asStep, isOpen, PROMPTS, read, sentence, stepOf, written } from './step';

afterEach(() => speak('en'));

describe('one sentence, however it was typed', () => {
  test.each([
    ['After my tea', 'put the letter on the table', 'After my tea, I will put the letter on the table.'],
    ['when I get in.', 'Put  the letter\non the table.', 'When I get in, I will put the letter on the table.'],
    ['after my tea,', 'I’ll ring Sam', 'After my tea, I will ring Sam.'],
    ['Right now', 'To open a window', 'Right now, I will open a window.'],
  ])('%s + %s', (when, step, expected) => expect(sentence(when, step)).toBe(expected));
  test('what is written in capitals stays so', () => expect(asStep('TV off')).toBe('TV off'));
  test('in Welsh', () => {
    speak('cy', inWelsh);
    expect(sentence('ar ôl fy nhe', 'Rhoi’r llythyr ar y bwrdd')).toBe('Ar ôl fy nhe, byddaf yn rhoi’r llythyr ar y bwrdd.');
  });
});

describe('what is saved is read again', () => {
  const plain = 'After my tea, I will put the letter on the table.';
  test('the sentence alone is still to be asked about', () => {
    expect(read(plain)).toEqual({ words: plain, went: null });
    expect(isOpen(read(plain)!)).toBe(true);
  });
  test('with how it went', () => {
    expect(written(plain, 'did_some')).toBe(`${plain}\nHow it went: I did some of it`);
    for (const went of ['did_it', 'did_some', 'not_today', 'kept_let_go'] as const) expect(read(written(plain, went))).toEqual({ words: plain, went });
  });
  test('not today is asked again another time, let go is not', () => {
    expect(isOpen(read(`${plain}\nHow it went: Not today`)!)).toBe(true);
    expect(isOpen(read(`${plain}\nHow it went: I let it go`)!)).toBe(false);
  });
  test('a Welsh step by an app that now speaks English', () => {
    const welsh = 'Ar ôl fy nhe, byddaf yn rhoi’r llythyr ar y bwrdd.\nSut aeth hi: Nid heddiw';
    expect(read(welsh)?.went).toBe('not_today');
    expect(stepOf(read(welsh)!.words)).toBe('rhoi’r llythyr ar y bwrdd');
  });
  test('the step comes out of the sentence, to be made smaller', () => {
    expect(stepOf(plain)).toBe('put the letter on the table');
    expect(stepOf('Ring Sam')).toBe('Ring Sam');
  });
  test('nothing is no step', () => expect(read(null)).toBeNull());
});

test('every prompt has its words', () => {
  for (let at = 0; at < PROMPTS; at++) expect(en).toHaveProperty([`step.cut_${at}`]);
});

test('a long sentence is cut for its title, between letters', () => {
  const title = cut(sentence('now', '🫖'.repeat(200)), LONGEST_TITLE);
  expect([...title]).toHaveLength(LONGEST_TITLE);
  expect(title.endsWith('🫖…')).toBe(true);
});
