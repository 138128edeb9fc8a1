import { expect, it } from 'vitest';
import { changesBetween } from '../../shared/plan/diff';
import type { PlanBody } from '../../shared/wire-plan';
import { chosen, emptyBody, faults, line, nothingIn, person, rule, sent, sign, stage, wordings } from './body';

const plan = (some: Partial<PlanBody>): PlanBody => ({ ...emptyBody(), ...some });
const l = (id: string, text: string, beside: string | null = null) => ({ id, text, beside });

it('sends what has words, and nothing that was begun and left', () => {
  const wobbly = { ...stage('  Getting wobbly '), mine: [line(' Ring Mair '), line('  ')] };
  const body = sent(plan({ keeps_well: [line(' The bees '), line('')], stages: [wobbly, stage()], people: [person()], rules: [rule()] }));
  expect(body.keeps_well.map((one) => one.text)).toEqual(['The bees']);
  expect(body.stages.map((one) => [one.name, one.mine.length])).toEqual([['Getting wobbly', 1]]);
  expect([body.people, body.rules]).toEqual([[], []]);
  expect(nothingIn(plan({ works: [line('  ')] }))).toBe(true);
});

it('asks for the name of a stage that has lines, and for the whole of a rule', () => {
  const unnamed = { ...stage(), signs: [sign('I sleep less')] };
  const half = { ...rule(), item_id: 'i1', words: 'Ring me' };
  expect(faults(plan({ stages: [stage(), unnamed], rules: [half, { ...half, id: 'r2', value: 2 }] }))).toEqual([
    { id: unnamed.id, section: 'stages', what: 'plan.need_stage_name' },
    { id: half.id, section: 'rules', what: 'plan.need_rule' },
  ]);
});

it('shows lines that two people wrote at once, and keeps the one that is chosen, or both', () => {
  const s = { ...stage('Wobbly'), id: 's1', mine: [l('a', 'Ring Mair'), l('b', 'Text Mair', 'a'), l('c', 'Rest')] };
  const body = plan({ keeps_well: [l('k', 'The bees')], stages: [s], people: [{ ...person(), id: 'p', name: 'Mair' }, { ...person(), id: 'q', name: 'Mair', phone: '07700', beside: 'p' }] });
  const found = wordings(body);
  expect(found.map(({ where, stage, first, others }) => [where, stage, first.told, others[0]?.told])).toEqual([
    ['mine', 'Wobbly', 'Ring Mair', 'Text Mair'],
    ['people', null, 'Mair', 'Mair, 07700'],
  ]);
  const mine = (next: PlanBody) => next.stages[0]!.mine;
  expect(mine(chosen(body, found[0]!, 'a'))).toEqual([l('a', 'Ring Mair'), l('c', 'Rest')]);
  expect(mine(chosen(body, found[0]!, 'b'))).toEqual([l('a', 'Text Mair'), l('c', 'Rest')]);
  expect(mine(chosen(body, found[0]!, 'all'))).toEqual([l('a', 'Ring Mair'), l('b', 'Text Mair'), l('c', 'Rest')]);
  expect(chosen(body, found[1]!, 'q').people.map((one) => [one.id, one.beside])).toEqual([['p', null]]);
});

it('says what came in from the other side, and nothing else', () => {
  const ours = plan({ keeps_well: [l('k', 'The bees, every morning')] });
  const head = plan({ keeps_well: [l('k', 'The bees, every morning'), l('x', 'A bath on Sundays')] });
  expect(changesBetween(ours, head)).toEqual([{ where: 'keeps_well', stage: null, what: 'added', before: null, after: 'A bath on Sundays' }]);
});
