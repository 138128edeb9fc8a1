import type { Uuid } from '../../../shared/wire';
import type { Addition } from '../../../shared/wire-my-pack';

/** What an exercise needs of an addition that was saved before. */
export type Kept = Pick<Addition, 'id' | 'title' | 'text' | 'made_at'>;
/** `replaces`: the saved one that this carries on, so that a list which is looked at every day does not fill the pack. A
 *  page that knows nothing of it may leave it out; then both are kept. */
export type Made = { title: string; text: string; replaces?: Uuid };
export type Save = (made: Made) => Promise<void>;

/** What every exercise is given; `found` is its draft as this phone kept it. */
export type Given = { previous: Kept[]; save: Save; found: unknown };

/** The longest that the server takes. */
export const LONGEST_TITLE = 120;
export const LONGEST_TEXT = 8000;

/** One line, without doubled spaces: what was typed in a field that may hold several lines. */
export const oneLine = (words: string): string => words.replace(/\s+/g, ' ').trim();

/** Cut between letters as a reader counts them, with a sign that there was more. */
export function cut(words: string, longest: number): string {
  const letters = [...words];
  return letters.length <= longest ? words : `${letters.slice(0, longest - 1).join('').trimEnd()}…`;
}
