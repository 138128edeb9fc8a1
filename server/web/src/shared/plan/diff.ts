import type { Person, PlanBody, PlanChange, Rule } from '../wire-plan';
import { LINE_LISTS, STAGE_LISTS } from './body';

// What is different between two versions, line by line, as the server's history says it.

type Where = PlanChange['where'];
type Row = { id: string; said: string };

export const personWords = ({ name, relation, phone, note }: Person): string => [relation ? `${name} (${relation})` : name, phone, note].filter(Boolean).join(', ');
/** What a rule is, beyond its words: any of it changed is a change of the rule. */
const ruleKey = ({ item_id, side, value, check_ins, words, at_night }: Rule): string => JSON.stringify([item_id, side, value, check_ins, words, at_night]);

function rows(where: Where, before: Row[], after: Row[], stage: string | null, key: (row: Row) => string = (row) => row.said): PlanChange[] {
  const change = (what: PlanChange['what'], old: Row | undefined, now: Row | undefined): PlanChange => ({ where, stage, what, before: old?.said ?? null, after: now?.said ?? null });
  const was = (row: Row) => before.find((one) => one.id === row.id);
  const changes = [
    ...after.filter((row) => !was(row)).map((row) => change('added', undefined, row)),
    ...after.flatMap((row) => { const old = was(row); return old && key(old) !== key(row) ? [change('changed', old, row)] : []; }),
    ...before.filter((row) => !after.some((one) => one.id === row.id)).map((row) => change('removed', row, undefined)),
  ];
  return [...changes, ...moved(before, after).map((row) => change('moved', was(row), row))];
}

/** The fewest rows that must have been moved: those outside the longest run that kept its order. */
function moved(before: Row[], after: Row[]): Row[] {
  const kept = after.filter((row) => before.some((one) => one.id === row.id));
  const places = kept.map((row) => before.findIndex((one) => one.id === row.id));
  const best: number[][] = [];
  for (const [at, place] of places.entries()) {
    const runs = best.filter((_, other) => places[other]! < place);
    best.push([...runs.reduce<number[]>((longest, run) => (run.length > longest.length ? run : longest), []), at]);
  }
  const longest = best.reduce<number[]>((found, run) => (run.length > found.length ? run : found), []);
  return kept.filter((_, at) => !longest.includes(at));
}

const texts = (list: { id: string; text: string }[]): Row[] => list.map(({ id, text }) => ({ id, said: text }));

export function changesBetween(before: PlanBody, after: PlanBody): PlanChange[] {
  const changes = LINE_LISTS.flatMap((list) => rows(list, texts(before[list]), texts(after[list]), null));
  changes.push(...rows('stages', before.stages.map(({ id, name }) => ({ id, said: name })), after.stages.map(({ id, name }) => ({ id, said: name })), null));
  for (const stage of after.stages) {
    const old = before.stages.find((one) => one.id === stage.id);
    for (const list of STAGE_LISTS) changes.push(...rows(list, texts(old?.[list] ?? []), texts(stage[list]), stage.name));
  }
  const people = (body: PlanBody) => body.people.map((one) => ({ id: one.id, said: personWords(one) }));
  changes.push(...rows('people', people(before), people(after), null));
  const rules = (body: PlanBody) => body.rules.map((one) => ({ id: one.id, said: one.words, key: ruleKey(one) }));
  changes.push(...rows('rules', rules(before), rules(after), null, (row) => (row as Row & { key: string }).key));
  return changes;
}
