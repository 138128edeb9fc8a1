// A version of the plan in words: who wrote it and when, who agreed, whose yes is missing, and what its rules say.
import { dateName, dayOf } from '../../shared/time';
import type { By, PlanItem, PlanVersion, Rule } from '../../shared/wire-plan';
import type { ClientPage } from '../../shared/wire-team';
import { wall } from '../clock.svelte';
import { t } from '../t';

export type VersionHead = Omit<PlanVersion, 'body'>;

export const who = (by: By, name: string): string => (by.who === 'client' ? name : by.name);

/** Whose yes a version waits for. */
export const missing = (one: Pick<PlanVersion, 'client_agreed' | 'worker_agreed'>): 'both' | 'client' | 'worker' | null =>
  one.client_agreed ? (one.worker_agreed ? null : 'worker') : one.worker_agreed ? 'client' : 'both';

export function planWords(client: ClientPage) {
  const name = client.preferred_name;
  const on = (moment: string) => dateName(dayOf(moment, client.time_zone), dayOf(wall.now, client.time_zone));
  return {
    name,
    on,
    written: (one: VersionHead): string => t(one.merged ? 'plan.merged_by' : 'plan.written_by', { who: who(one.by, name), day: on(one.written_at) }),
    /** When and how it was agreed by whom: a sentence for each yes there is. */
    agreed(one: VersionHead): string {
      const theirs = one.client_agreed;
      if (theirs?.how === 'together') return t('plan.agreed_together', { name, worker: theirs.worker ?? t('plan.a_worker'), day: on(theirs.at) });
      const said = [];
      if (theirs) said.push(t('plan.agreed_on_phone', { name, day: on(theirs.at) }));
      if (one.worker_agreed) said.push(t('plan.agreed_worker', { worker: one.worker_agreed.by ?? t('plan.somebody'), day: on(one.worker_agreed.at) }));
      return said.join(' ');
    },
  };
}

// ---- Rules

/** A point of a scale with its word, where it has one. */
export function point({ min, max, labels }: PlanItem['scale'], value: number): string {
  const label = value === min ? labels.low : value === max ? labels.high : value === (min + max) / 2 ? labels.middle : '';
  return label ? t('plan.point', { n: value, label }) : String(value);
}

/** What is asked no more is named where the plan speaks of it, and offered nowhere. */
export const isAsked = (item: PlanItem): boolean => item.asked !== false;

/** A sign is in the client's own words, and stands in quotation marks. */
export const titleOf = (item: PlanItem): string => (item.sign ? `“${item.text}”` : item.text);

/** What it looks for, in plain words; null while something of it has not been chosen. */
export function ruleSays(rule: Rule, items: PlanItem[]): string | null {
  const item = items.find((one) => one.item_id === rule.item_id);
  if (!item) return rule.item_id === '' ? null : t('plan.rule_gone');
  if (!Number.isFinite(rule.value)) return null;
  const says = t(`plan.rule_says.${rule.side}`, { item: `“${item.text}”`, value: point(item.scale, rule.value), days: t('plan.in_a_row', { n: rule.check_ins }) });
  return isAsked(item) ? says : `${says} ${t('plan.rule_gone')}`;
}
