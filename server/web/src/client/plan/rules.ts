import type { Item } from '../../shared/wire';
import type { Rule } from '../../shared/wire-plan';
import { asked, labelsOf } from '../check_ins/question';
import { questions } from '../check_ins/store.svelte';
import { q } from './words';

/** "2 of 7", or "1 of 7: Very badly" where the scale has a word for it. */
export function answerWords(item: Item, value: number): string {
  const { min, max } = item;
  const labels = labelsOf(item.labels);
  const word = value === min ? labels.low : value === max ? labels.high : value === (min + max) / 2 ? labels.middle : '';
  return word ? q('rule.value_word', { value, max, word }) : q('rule.value', { value, max });
}

export const stepsOf = ({ min, max }: Item): number[] => Array.from({ length: max - min + 1 }, (_, step) => min + step);

/** What a rule looks at, in one sentence; of a question this phone does not know, only that. */
export function ruleWords(rule: Rule): string {
  const item = questions().get(rule.item_id);
  if (!item) return q('rule.unknown');
  return q(`rule.${rule.side}`, { question: asked(item), answer: answerWords(item, rule.value), n: rule.check_ins });
}
