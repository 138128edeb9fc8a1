import { afterEach, expect, test } from 'vitest';
import { speak } from '../../../../shared/i18n.svelte';
import { welsh as inWelsh } from '../../../words/welsh';
import type { Kept } from '../kept';
import { gathered, THINGS, written } from './helped';

afterEach(() => speak('en'));

const kept = (text: string | null, place = 0): Kept => ({ id: String(place), title: 'What helped', text, made_at: '2026-11-22T10:00:00Z' });

test('own words first, then ours, a line for each', () => {
  expect(written(['music', 'drink'], '- ringing Dai\n\n  the cat  asleep\n')).toBe('• ringing Dai\n• the cat asleep\n• A hot drink\n• Music or the radio');
});

test('nothing is nothing', () => expect(written([], ' \n')).toBe(''));

test('on coming back: each thing once, the newest first, own words apart', () => {
  const previous = [kept('• Ringing Dai\n• A hot drink'), kept('• the cat\n• ringing Dai\n• Music or the radio\n• A hot drink'), kept(null)];
  expect(gathered(previous)).toEqual({ own: ['Ringing Dai', 'the cat'], listed: ['drink', 'music'] });
});

test('what is from our list is known in either language', () => {
  speak('cy', inWelsh);
  const welsh = written([...THINGS], '');
  speak('en');
  expect(gathered([kept(welsh)])).toEqual({ own: [], listed: [...THINGS] });
});
