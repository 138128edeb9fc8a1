import { everyWay, x } from '../words';

// A letter is saved as it is read. Each part follows its own sentence, and is found again by it.

export const PARTS = ['bad', 'helped', 'ring', 'hear'] as const;
export type Part = (typeof PARTS)[number];
export type Letter = Record<Part, string>;

export const BLANK: Letter = { bad: '', helped: '', ring: '', hear: '' };

export const isBlank = (letter: Letter): boolean => PARTS.every((part) => letter[part].trim() === '');

export const same = (a: Letter, b: Letter): boolean => PARTS.every((part) => a[part].trim() === b[part].trim());

export function written(letter: Letter, day: string): string {
  const parts = PARTS.filter((part) => letter[part].trim()).map((part) => `${x(`letter.kept_${part}`)}\n${letter[part].trim()}`);
  return [x('letter.dear'), ...parts, x('letter.from', { day })].join('\n\n');
}

/** The parts again, to write a new letter from an old one. What stands in no part goes to the last, so nothing is lost. */
export function read(text: string): Letter {
  const lines = text.replace(/\r/g, '').split('\n');
  const letter = { ...BLANK };
  const put = (part: Part, line: string) => (letter[part] += `${line}\n`);

  const isFrom = (line: string) => everyWay('letter.from').some((form) => line.startsWith(form.slice(0, form.indexOf('{'))));
  const end = lines.findLastIndex((line) => line.trim() !== '');
  if (end >= 0 && isFrom(lines[end]!)) lines.splice(end, 1);
  if (everyWay('letter.dear').includes(lines[0]?.trim() ?? '')) lines.shift();

  // Each heading once and in its order: the same sentence further down is the person's own.
  let now: Part = 'hear';
  let next = 0;
  for (const line of lines) {
    const place = PARTS.findIndex((part, at) => at >= next && everyWay(`letter.kept_${part}`).includes(line.trim()));
    if (place < 0) put(now, line);
    else [now, next] = [PARTS[place]!, place + 1];
  }
  for (const part of PARTS) letter[part] = letter[part].trim();
  return letter;
}

/** Is this line one of the letter's own sentences, and not the person's? */
export const isHeading = (line: string): boolean => PARTS.some((part) => everyWay(`letter.kept_${part}`).includes(line.trim()));

export type Piece = { words: string; number?: string };

// Numbers as people here write them: 0… and +44… with spaces, dashes or brackets, and the short ones that everybody knows.
const NUMBER = /(?<![\d£.,])(?:(?:\+44|\(?0)(?:[ \-()]{0,2}\d){9,10}|0800 ?1111|116 ?\d{3}|999|112|111|101)(?!\d|[.,]\d)/g;

/** The words with their phone numbers apart, so that a number can be tapped on the day it is needed. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(NUMBER)) {
    if (match.index > from) found.push({ words: text.slice(from, match.index) });
    found.push({ words: match[0], number: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ words: text.slice(from) });
  return found;
}
