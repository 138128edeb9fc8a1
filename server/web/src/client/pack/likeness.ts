import { sound } from './sounds';

// How far a word that was typed may be from one that is written, and still be meant. 1 = the same, 0 = another word.

export function likeness(typed: string, written: string, last: boolean): number {
  if (typed === written) return 1;
  // The word being typed may not be finished yet.
  if (last && typed.length > 2 && written.startsWith(typed) && written.length - typed.length <= 6) return 0.7;
  if (typed.length < 4 || written.length < 4) return 0;
  if (sound(typed) === sound(written) && (Math.abs(typed.length - written.length) <= 2 || typed.slice(0, 3) === written.slice(0, 3))) return 0.8;
  return slip(typed, written);
}

/** A slip of the thumb, or a guess at the spelling. Few get the first letter wrong, and short words are soon another word. */
function slip(typed: string, written: string): number {
  if (typed[0] !== written[0] || Math.abs(typed.length - written.length) > 2) return 0;
  const steps = distance(typed, written);
  if (steps === 1) return typed.length < 5 && typed.length === written.length && !swapped(typed, written) ? 0 : 0.7;
  if (steps === 2 && typed.length > 7) return 0.6;
  return typed.length > 4 && steps <= (typed.length < 7 ? 2 : 3) && bones(typed) === bones(written) ? 0.5 : 0;
}

const bones = (word: string): string => word.slice(0, 1) + word.slice(1).replace(/[aeiouy]/g, '').replace(/(.)\1+/g, '$1');
const swapped = (a: string, b: string): boolean => [...a].sort().join('') === [...b].sort().join('');

/** Letters added, left out, changed, or two that changed places, each as one step. */
export function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
