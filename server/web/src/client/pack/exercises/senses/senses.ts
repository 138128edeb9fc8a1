import { oneLine } from '../kept';
import { x } from '../words';

export const SENSES = ['see', 'feel', 'hear', 'smell', 'taste'] as const;
export type Sense = (typeof SENSES)[number];
export type Found = Record<Sense, string>;

export const NOTHING: Found = { see: '', feel: '', hear: '', smell: '', taste: '' };

export const wroteAny = (found: Found): boolean => SENSES.some((sense) => found[sense].trim() !== '');

/** As it is kept: a line for each sense that has words. */
export function written(found: Found): string {
  const listed = (words: string) => words.split('\n').map(oneLine).filter(Boolean).join(', ');
  return SENSES.filter((sense) => found[sense].trim()).map((sense) => x(`senses.kept_${sense}`, { words: listed(found[sense]) })).join('\n');
}
