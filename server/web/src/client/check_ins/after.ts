import type { Answer, Item, Uuid } from '../../shared/wire';
import { isWorst } from './worst';

// What the phone says after a check-in: one sentence that is true of what was said, and one thing that may help, with
// why. Decided here on the phone, from these answers alone; nothing reads the words of a note.

type Given = { item: Item; value: number };

/** 1 is as good as the scale goes, 0 as hard. */
export const goodness = ({ item, value }: Given): number => {
  const part = (value - item.min) / Math.max(1, item.max - item.min);
  return item.higher_is === 'better' ? part : 1 - part;
};

export type Sentence = { key: 'words_only' | 'very_hard' | 'better_than_last' | 'mostly_good' | 'mostly_hard' | 'both' | 'middle'; about: Item | null };
export type Suggestion = { key: 'sleep' | 'anxiety' | 'mood' | 'energy' | 'connection' | 'sign' | 'keep' | 'write'; because: Item | null };
export type After = { sentence: Sentence; suggestion: Suggestion; worst: boolean };

export function after(answers: Answer[], questions: Map<Uuid, Item>, before: Answer[] | null): After {
  const given = answers.flatMap(({ item_id, value }): Given[] => {
    const item = questions.get(item_id);
    return item && value !== null ? [{ item, value }] : [];
  });
  const worst = given.filter(({ item, value }) => isWorst(item, value));
  return { sentence: sentence(given, worst, before), suggestion: suggestion(given), worst: worst.length > 0 };
}

function sentence(given: Given[], worst: Given[], before: Answer[] | null): Sentence {
  if (given.length === 0) return { key: 'words_only', about: null };
  if (worst.length > 0) return { key: 'very_hard', about: null };

  const good = given.filter((one) => goodness(one) > 0.6);
  const hard = given.filter((one) => goodness(one) < 0.4);
  const better = given.find(({ item, value }) => {
    const last = before?.find((answer) => answer.item_id === item.id)?.value ?? null;
    // Two steps at least: one step up is how people answer, not how they are.
    return last !== null && goodness({ item, value }) - goodness({ item, value: last }) >= 2 / Math.max(1, item.max - item.min) - 1e-9;
  });
  if (better) return { key: 'better_than_last', about: better.item };
  if (good.length * 2 > given.length && hard.length === 0) return { key: 'mostly_good', about: null };
  if (hard.length * 2 > given.length) return { key: 'mostly_hard', about: null };
  if (good.length > 0 && hard.length > 0) return { key: 'both', about: null };
  return { key: 'middle', about: null };
}

/** For the hardest of today's answers; when nothing was hard, something to keep. */
function suggestion(given: Given[]): Suggestion {
  if (given.length === 0) return { key: 'write', because: null };
  const hardest = given.reduce((found, one) => (goodness(one) < goodness(found) ? one : found));
  if (goodness(hardest) >= 0.5) return { key: 'keep', because: null };
  return { key: hardest.item.kind === 'sign' ? 'sign' : (hardest.item.key ?? 'sign'), because: hardest.item };
}
