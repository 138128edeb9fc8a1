import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '../../../../shared/i18n.svelte';
import { welsh as inWelsh } from '../../../words/welsh';
import { fullDay } from '../dates';
import { BLANK, isBlank, pieces, read, written, type Letter } from './letter';

afterEach(() => speak('en'));

const mine: Letter = { bad: 'I stop opening the curtains.\n\nI do not answer the phone.', helped: 'The cat', ring: 'Dai 07700 900123', hear: 'It went away before.' };
const day = '22 November 2026';
const saved = `Dear me,

This is what a bad day is like.
I stop opening the curtains.

I do not answer the phone.

This is what has helped.
The cat

This is who I can ring.
Dai 07700 900123

This is what I want you to hear.
It went away before.

From me, 22 November 2026`;

describe('the letter as it is saved', () => {
  test('reads as a letter', () => expect(written(mine, day)).toBe(saved));
  test('and comes apart again', () => expect(read(saved)).toEqual(mine));
  test('parts left out are not in it', () => {
    expect(written({ ...BLANK, hear: ' Rest. ' }, day)).toBe('Dear me,\n\nThis is what I want you to hear.\nRest.\n\nFrom me, 22 November 2026');
    expect(read(written({ ...BLANK, hear: 'Rest.' }, day))).toEqual({ ...BLANK, hear: 'Rest.' });
  });
  test('a part may say the words of another heading', () => {
    const twice = { ...mine, hear: 'Read it again:\nThis is what has helped.\nTruly.' };
    expect(read(written(twice, day))).toEqual(twice);
  });
  test('a Welsh letter by an app that now speaks English', () => {
    speak('cy', inWelsh);
    const welsh = written(mine, '22 Tachwedd 2026');
    speak('en');
    expect(welsh).toMatch(/^Annwyl fi,\n\nDyma sut beth yw diwrnod gwael\.\n/);
    expect(read(welsh)).toEqual(mine);
  });
  test('a text of another form loses nothing', () => {
    expect(read('Just this.\n\nFrom the heart')).toEqual({ ...BLANK, hear: 'Just this.\n\nFrom the heart' });
  });
  test('spaces are not a letter', () => expect(isBlank({ ...BLANK, bad: ' \n' })).toBe(true));
});

test('the day is named with its year', () => {
  expect(fullDay(Date.parse('2026-11-22T23:30:00Z'), 'Europe/London')).toBe('22 November 2026');
});

describe('numbers that can be tapped', () => {
  const numbers = (text: string) => pieces(text).flatMap(({ number }) => number ?? []);
  test.each([
    ['Dai 07700 900123, any time', ['07700 900123']],
    ['Mam: (029) 2018 0000', ['(029) 2018 0000']],
    ['+44 7700 900 123 or 0161-496-0000', ['+44 7700 900 123', '0161-496-0000']],
    ['Samaritans 116 123. NHS 111, then 2. Or 999', ['116 123', '111', '999']],
    ['I owe £999 and 1,111 more; 3.999 too; at 10 past 11; on 22 11 2026', []],
    ['Childline 0800 1111', ['0800 1111']],
    ['flat 1110, since 01-11-2026', []],
  ])('%s', (text, expected) => expect(numbers(text)).toEqual(expected));
  test('no word is lost', () => {
    const text = 'a 111 b\n07700 900123';
    expect(pieces(text).map(({ words }) => words).join('')).toBe(text);
  });
});
