import { oneLine } from '../kept';
import { after, everyWay, wordOf, x, type Word } from '../words';

// A small step is saved as one sentence, and later once more with a second line that says how it went:
//
//   After my tea, I will put the letter on the table.
//   How it went: I did some of it

/** Each makes the step smaller than the one before; the last is to let somebody else in. */
export const PROMPTS = 5;
export const WHENS = ['now', 'tea', 'kettle', 'shoes', 'breakfast', 'own'] as const;
export type When = (typeof WHENS)[number];
export const ANSWERS = ['did_it', 'did_some', 'not_today'] as const;
const WENT = [...ANSWERS, 'kept_let_go'] as const;
export type Went = (typeof WENT)[number];

const OPENINGS = /^(i will|i['’]ll|i am going to|i['’]m going to|to|byddaf yn|bydda i['’]n)\s+/i;

/** What was typed after "I will", as it stands in the middle of a sentence. */
export function asStep(typed: string): string {
  const words = oneLine(typed).replace(OPENINGS, '').replace(/[.\s]+$/, '');
  // "Put the letter…" and not "GP appointment…": a phone begins each field with a capital.
  return /^\p{Lu}\p{Ll}/u.test(words) ? words.slice(0, 1).toLowerCase() + words.slice(1) : words;
}

/** What was typed for when or where, as a sentence begins with it. */
export function asWhen(typed: string): string {
  const words = oneLine(typed).replace(/[.,\s]+$/, '');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

export const sentence = (when: string, step: string): string => x('step.sentence', { when: asWhen(when), step: asStep(step) });

export const written = (words: string, went: Went | null): string => (went ? `${words}\n${x('step.kept_went', { went: x(`step.${went}`) })}` : words);

export type Step = { words: string; went: Went | null };

export function read(text: string | null): Step | null {
  const [words = '', ...rest] = (text ?? '').split('\n').map((line) => line.trim());
  if (!words) return null;
  const went = rest.map((line) => after('step.kept_went' satisfies Word, line)).find((found) => found !== null) ?? null;
  return { words, went: went === null ? null : wordOf('step', WENT, went) };
}

/** Still to be asked about: nothing said yet, or not that day. */
export const isOpen = ({ went }: Step): boolean => went === null || went === 'not_today';

/** The step out of its sentence; a sentence of another form is its own step. */
export function stepOf(words: string): string {
  for (const form of everyWay('step.sentence')) {
    const middle = form.slice(form.indexOf('}') + 1, form.lastIndexOf('{'));
    const place = words.indexOf(middle);
    if (place > 0) return words.slice(place + middle.length).replace(/\.$/, '');
  }
  return words;
}
