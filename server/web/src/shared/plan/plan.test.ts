import { describe, expect, test } from 'vitest';
import type { Line, PlanBody, Rule } from '../wire-plan';
import { doubledIn, keepAll, keepOnly, paired } from './beside';
import { emptyBody, isEmptyBody, mustLook, sameRules, tidy, wholeBody } from './body';
import { changesBetween } from './diff';
import { cy } from './starters.cy';
import { en } from './starters.en';

const line = (id: string, text = id, beside: string | null = null): Line => ({ id, text, beside });
const body = (more: Partial<PlanBody>): PlanBody => ({ ...emptyBody(), ...more });
const stage = (id: string, name: string, mine: Line[] = []) => ({ id, name, signs: [], mine, workers: [], others: [] });
const rule: Rule = { id: 'r', item_id: 'sleep', side: 'at_most', value: 2, check_ins: 3, words: 'Ring me.', at_night: false };
const ids = (list: { id: string }[]) => list.map(({ id }) => id);

describe('what is different', () => {
  test('is said line by line: added, changed, removed', () => {
    const before = body({ keeps_well: [line('a', 'Tea'), line('b', 'A walk')] });
    const after = body({ keeps_well: [line('a', 'Strong tea'), line('c', 'Bees')] });
    expect(changesBetween(before, after)).toEqual([
      { where: 'keeps_well', stage: null, what: 'added', before: null, after: 'Bees' },
      { where: 'keeps_well', stage: null, what: 'changed', before: 'Tea', after: 'Strong tea' },
      { where: 'keeps_well', stage: null, what: 'removed', before: 'A walk', after: null },
    ]);
  });

  test('of what was moved names as few lines as can be', () => {
    const list = ['a', 'b', 'c', 'd'].map((id) => line(id));
    const moved = (order: string) => changesBetween(body({ works: list }), body({ works: [...order].map((id) => line(id)) })).map(({ what, after }) => [what, after]);
    expect(moved('abcd')).toEqual([]);
    expect(moved('bcda')).toEqual([['moved', 'a']]);
    expect(moved('dabc')).toEqual([['moved', 'd']]);
    expect(moved('badc')).toHaveLength(2);
  });

  test('in a step says in which one', () => {
    const before = body({ stages: [stage('s', 'Wobbly', [line('a', 'Tea')])] });
    const after = body({ stages: [stage('s', 'A bit wobbly', [line('a', 'Tea'), line('b', 'Bed')])] });
    expect(changesBetween(before, after)).toEqual([
      { where: 'stages', stage: null, what: 'changed', before: 'Wobbly', after: 'A bit wobbly' },
      { where: 'mine', stage: 'A bit wobbly', what: 'added', before: null, after: 'Bed' },
    ]);
  });

  test('of people counts the number, and of a rule more than its words', () => {
    const mam = { id: 'p', name: 'Mam', relation: null, phone: '1', note: null, beside: null };
    const changes = changesBetween(body({ people: [mam], rules: [rule] }), body({ people: [{ ...mam, phone: '2' }], rules: [{ ...rule, value: 1 }] }));
    expect(changes.map(({ where, what }) => [where, what])).toEqual([['people', 'changed'], ['rules', 'changed']]);
    expect(changes[0]).toMatchObject({ before: 'Mam, 1', after: 'Mam, 2' });
  });
});

describe('a line in two wordings', () => {
  const list = [line('a', 'Tea'), line('b', 'Walk'), line('c', 'Strong tea', 'a')];

  test('stands beside the other, wherever it was put', () => {
    expect(paired(list).map((pair) => [pair.line.id, ids(pair.others)])).toEqual([['a', ['c']], ['b', []]]);
    expect(doubledIn(body({ works: list, stages: [stage('s', 'S', list)] }))).toBe(2);
  });

  test('one of them is kept, in the place of the first', () => {
    expect(keepOnly(list, 'a')).toEqual([line('a', 'Tea'), line('b', 'Walk')]);
    expect(keepOnly(list, 'c')).toEqual([line('a', 'Strong tea'), line('b', 'Walk')]);
  });

  test('or both are, as lines of their own', () => {
    expect(keepAll(list, 'c').map(({ id, beside }) => [id, beside])).toEqual([['a', null], ['b', null], ['c', null]]);
  });

  test('a wording of a wording, of nothing, or of itself loses nobody’s words', () => {
    const three = [line('a'), line('b', 'b', 'a'), line('c', 'c', 'b')];
    expect(paired(three).map((pair) => [pair.line.id, ids(pair.others)])).toEqual([['a', ['b', 'c']]]);
    expect(paired([line('x', 'x', 'gone'), line('y', 'y', 'y')]).map((pair) => pair.line.id)).toEqual(['x', 'y']);
  });
});

describe('what is sent', () => {
  test('is without what was begun and left empty', () => {
    const mam = { id: 'p', name: ' Mam ', relation: ' ', phone: '', note: null, beside: null };
    const sent = tidy(body({ works: [line('a', '  Tea   and\ntoast '), line('b', '  ')], people: [mam, { ...mam, id: 'q', name: '' }], stages: [stage('s', ''), stage('t', '', [line('c')])], rules: [{ ...rule, words: ' ' }] }), 'No name');
    expect(sent.works).toEqual([line('a', 'Tea and toast')]);
    expect(sent.people).toEqual([{ ...mam, name: 'Mam', relation: null, phone: null }]);
    expect(sent.stages.map(({ id, name }) => [id, name])).toEqual([['t', 'No name']]);
    expect(sent.rules).toEqual([]);
  });

  test('another wording of what is gone is a line of its own', () => {
    expect(tidy(body({ works: [line('c', 'Tea', 'a')] }), '').works).toEqual([line('c', 'Tea')]);
  });

  test('what an older row left out is empty', () => {
    expect(isEmptyBody(wholeBody({}))).toBe(true);
    expect(wholeBody({ works: [line('a')] }).works).toHaveLength(1);
  });
});

test('a rule that is new or changed has to be looked at, one taken out has not', () => {
  expect(mustLook([], [rule])).toBe(false);
  expect(mustLook([{ ...rule }], [rule])).toBe(false);
  expect(mustLook([{ ...rule, value: 3 }], [rule])).toBe(true);
  expect(mustLook([rule, { ...rule, id: 'new' }], [rule])).toBe(true);
  expect(sameRules([rule], [{ ...rule }])).toBe(true);
  expect(sameRules([rule], [{ ...rule, at_night: true }])).toBe(false);
});

test('every part is named and asked for in both languages', () => {
  expect(Object.keys(cy)).toEqual(Object.keys(en));
  for (const [part, { title, question, hint, lines }] of Object.entries(cy)) {
    expect([title, question, hint].every((words) => words.length > 0), part).toBe(true);
    expect(lines.length, part).toBe(en[part as keyof typeof en].lines.length);
  }
  for (const { title, question, hint, lines } of [...Object.values(en), ...Object.values(cy)]) {
    for (const words of [title, question, hint, ...lines]) {
      expect(words).not.toMatch(/!|risk|relapse|alarm|warning|crisis|deteriorat/i);
      expect(words.length).toBeLessThanOrEqual(300);
    }
  }
});
