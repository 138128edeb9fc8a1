import { expect, test } from 'vitest';
import { NEEDS, type Communication } from '../../shared/wire-needs';
import { en } from './en';
import { dialled, doing, isSilent, notRung, toTalk } from './says';

const record = (needs: string[], more: Partial<Communication> = {}): Communication => ({ needs, interpreter_language: null, words: null, changed_at: null, changed_by: null, ...more });

test('every need is said as what to do, and how to reach somebody comes before how to write to them', () => {
  for (const need of NEEDS) expect(en).toHaveProperty([`needs.${need}`]);
  expect(doing(record(['easy_read', 'more_time', 'text_not_call']))).toEqual(['Text, do not ring', 'Give time to answer', 'Write in Easy Read']);
  expect(toTalk(record(['easy_read', 'more_time']))).toEqual(['Give time to answer']);
  expect(doing(record(['interpreter'], { interpreter_language: 'Polish' }))).toEqual(['Interpreter: Polish']);
  expect(doing(record(['interpreter']))).toEqual(['Interpreter']);
});

test('what a newer server names is shown and never left out', () => {
  expect(doing(record(['lip_reading', 'bsl']))).toEqual(['BSL interpreter', 'lip reading']);
});

test('who is not to be rung is not, and the relay service is dialled first', () => {
  expect(notRung(record(['text_not_call']))).toBe(true);
  expect(notRung(record(['bsl'])), 'a call is no use to somebody who signs').toBe(true);
  expect(notRung(record(['relay_call', 'easy_read'])), 'they are called, by the relay service').toBe(false);
  expect([notRung(record(['bsl', 'relay_call'])), notRung(record(['text_not_call', 'relay_call']))]).toEqual([false, true]);
  expect(notRung(undefined)).toBe(false);
  expect(dialled('07700 900 123', record(['relay_call']))).toBe('1800207700900123');
  expect(dialled('07700 900 123', undefined)).toBe('07700900123');
  expect([isSilent(undefined), isSilent(record([])), isSilent(record([], { words: 'Face me.' }))]).toEqual([true, true, false]);
});
