import { expect, it } from 'vitest';
import type { PlanBody, PlanVersion, Rule, TeamPlan } from '../../../shared/wire-plan';
import { emptyBody, line, rule } from '../body';
import { Writing } from './writing.svelte';

const whole: Rule = { ...rule(), id: 'r1', item_id: 'i1', value: 2, words: 'Ring me' };
const version = (id: string, body: Partial<PlanBody>) => ({ id, body: { ...emptyBody(), ...body } }) as PlanVersion;
const plan = (some: Partial<TeamPlan>): TeamPlan => ({ current: null, draft: null, items: [], ...some });

it('begins from the draft, else from what is agreed, else from nothing', () => {
  expect(new Writing(plan({})).basedOn).toBeNull();
  expect(new Writing(plan({ current: version('v1', {}) })).basedOn).toBe('v1');
  expect(new Writing(plan({ current: version('v1', {}), draft: version('v2', {}) })).basedOn).toBe('v2');
});

it('knows what is not saved, and an empty line is nothing', () => {
  const writing = new Writing(plan({ current: version('v1', { works: [line('Quiet')] }) }));
  writing.body.works.push(line('  '));
  expect(writing.changed).toBe(false);
  writing.body.works[1]!.text = 'A walk';
  expect(writing.changed).toBe(true);
  writing.begin(version('v2', writing.tidied));
  expect([writing.changed, writing.basedOn]).toEqual([false, 'v2']);
});

it('wants a look for a rule that is new, changed or half written, and for none that is taken out', () => {
  const writing = new Writing(plan({ current: version('v1', { rules: [whole] }) }));
  expect(writing.mustLook).toBe(false);
  writing.body.rules[0]!.check_ins = 4;
  expect(writing.mustLook).toBe(true);
  writing.body.rules.splice(0, 1);
  expect([writing.mustLook, writing.changed]).toEqual([false, true]);
  writing.body.rules.push(rule());
  expect([writing.mustLook, writing.changed, writing.faults.length]).toEqual([true, true, 1]);
});

it('takes up words of before on the text they were based on', () => {
  const before = new Writing(plan({ current: version('v1', { rules: [whole] }) }));
  before.body.works.push(line('A walk'));
  const after = new Writing(plan({ current: version('v1', { rules: [whole] }), draft: version('v2', {}) }));
  after.take(before.kept('2026-11-22T10:00:00Z'));
  expect([after.basedOn, after.changed, after.mustLook, after.body.works[0]?.text]).toEqual(['v1', true, false, 'A walk']);
});
