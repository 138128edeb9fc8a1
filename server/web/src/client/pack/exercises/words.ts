import { dictionary, type Entry } from '../../../shared/i18n.svelte';
import { cy } from '../../words/exercises.cy';
import { en } from '../../words/exercises.en';

/** The words of the exercises. */
export const x = dictionary('exercises', en);
export type Word = keyof typeof en;

/** In every language this app has spoken: what was saved in one is read again in the other. */
export const everyWay = (key: Word): string[] => [en[key], cy[key]].map((entry: Entry) => (typeof entry === 'string' ? entry : entry.other));

/** The part of a saved line that follows its words: for "How it went: {went}" what stands in the place of {went}. */
export function after(key: Word, line: string): string | null {
  const head = everyWay(key).map((words) => words.slice(0, words.indexOf('{'))).find((words) => line.startsWith(words));
  return head === undefined ? null : line.slice(head.length).trim();
}

/** Which of these words is this line, in whichever language it was saved? */
export const wordOf = <K extends string>(prefix: string, keys: readonly K[], line: string): K | null =>
  keys.find((key) => everyWay(`${prefix}.${key}` as Word).includes(line.trim())) ?? null;
