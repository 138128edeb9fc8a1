import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '../../../../shared/i18n.svelte';
import { welsh as inWelsh } from '../../../words/welsh';
import { LONGEST_TEXT } from '../kept';
import { dayMeant, isParked, LONGEST, MOST, read, tidy, tooEarly, written, type Worry } from './form';
import { times } from './times';

const zone = 'Europe/London';
const worries: Worry[] = [
  { words: 'The rent letter', now: null, when: 'Sun 22 Nov, teatime, about five' },
  { words: 'My sister: has she rung?', now: 'smaller', when: 'Mon 23 Nov, after lunch, about two' },
  { words: 'The noise', now: 'gone', when: null },
];

afterEach(() => speak('en'));

describe('what is saved can be read by a person, and by the app again', () => {
  const saved = `• The rent letter
When to look: Sun 22 Nov, teatime, about five

• My sister: has she rung?
How it is now: Smaller now
When to look: Mon 23 Nov, after lunch, about two

• The noise
How it is now: Gone`;
  test('in this form', () => expect(written(worries)).toBe(saved));
  test('and back', () => expect(read(saved)).toEqual(worries));
  test('also when spaces were lost or added on the way', () => expect(read(saved.replaceAll('\n', ' \r\n  '))).toEqual(worries));
  test('Welsh form, read by an app that now speaks English', () => {
    const welsh = `• Y llythyr rhent
Sut mae hi nawr: Yn dal yn bryder
Pryd i edrych: Sul 22 Tach, amser te, tua phump`;
    expect(read(welsh)).toEqual([{ words: 'Y llythyr rhent', now: 'still', when: 'Sul 22 Tach, amser te, tua phump' }]);
    speak('cy', inWelsh);
    expect(read(saved)).toEqual(worries);
    expect(read(written(worries))).toEqual(worries);
  });
  test('other words are not guessed at', () => {
    expect(read('A note of mine\nWhen to look: never')).toEqual([]);
    expect(read(null)).toEqual([]);
  });
  test('twice the same is one', () => {
    expect(read('• The rent\n• The gas\n• The rent')).toEqual(['The rent', 'The gas'].map((words) => ({ words, now: null, when: null })));
  });
  test('what is typed stays one worry', () => {
    expect(tidy(' •  the rent\n• and  the gas ')).toBe('the rent • and the gas');
    expect(read(written([{ words: tidy('When to look: at what'), now: null, when: null }]))).toHaveLength(1);
  });
  test('the longest list is not too long to send', () => {
    for (const language of ['en', 'cy'] as const) {
      speak(language, language === 'cy' ? inWelsh : {});
      const when = Math.max(...times(Date.parse('2026-11-22T01:00:00Z'), zone).map((time) => time.saved?.length ?? 0));
      const longest = written(Array.from({ length: MOST }, () => ({ words: 'x'.repeat(LONGEST), now: 'can_do', when: 'x'.repeat(when) })));
      expect(longest.length).toBeLessThanOrEqual(LONGEST_TEXT);
    }
  });
});

test('gone, and something to do, are no longer parked', () => {
  expect(worries.filter(isParked).map(({ words }) => words)).toEqual(['The rent letter', 'My sister: has she rung?']);
});

describe('the times to choose from', () => {
  const words = (now: string) => times(Date.parse(now), zone).map((time) => time.words);
  test('in the afternoon: what is left of today, and tomorrow', () => {
    expect(words('2026-11-22T15:10:00Z')).toEqual([
      'Today: teatime, about five', 'Today: evening, about seven',
      'Tomorrow: morning, about eleven', 'Tomorrow: after lunch, about two', 'Tomorrow: teatime, about five', 'Tomorrow: evening, about seven',
      'No time for now',
    ]);
  });
  test('late at night only tomorrow; after midnight the day that has begun', () => {
    expect(words('2026-11-22T23:30:00Z')[0]).toBe('Tomorrow: morning, about eleven');
    expect(words('2026-11-23T02:00:00Z')[0]).toBe('Today: morning, about eleven');
  });
  test('kept with the day by name, by the person’s own clock', () => {
    const late = times(Date.parse('2026-06-30T22:30:00Z'), zone); // half past eleven there
    expect(late[0]?.saved).toBe('Wed 1 Jul, morning, about eleven');
  });
});

describe('whether it is time', () => {
  const saved = '2026-11-30T20:00:00Z';
  test('the day is found again from its number, over the end of a month', () => {
    expect(dayMeant('Tue 1 Dec, after lunch, about two', saved, zone)).toBe('2026-12-01');
    expect(dayMeant('Mon 30 Nov, after lunch, about two', saved, zone)).toBe('2026-11-30');
    expect(dayMeant('Sat 28 Nov, after lunch, about two', saved, zone)).toBe('2026-11-28');
    expect(dayMeant('after lunch', saved, zone)).toBeNull();
  });
  test('too early only while every one of them is still to come', () => {
    const tomorrow: Worry = { words: 'a', now: null, when: 'Tue 1 Dec, after lunch, about two' };
    const today: Worry = { words: 'b', now: null, when: 'Mon 30 Nov, teatime, about five' };
    const now = Date.parse('2026-11-30T21:00:00Z');
    expect(tooEarly([tomorrow], saved, now, zone)).toBe(true);
    expect(tooEarly([tomorrow, today], saved, now, zone)).toBe(false);
    expect(tooEarly([tomorrow], saved, now + 86_400_000, zone)).toBe(false);
    expect(tooEarly([{ ...tomorrow, when: null }], saved, now, zone)).toBe(false);
  });
});
