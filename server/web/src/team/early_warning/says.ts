// Numbers of a band as a sentence, and how a baseline came to be.
import type { ClientPage, WorkerRef } from '../../shared/wire-team';
import type { Baseline, BaselineItem, Numbers } from '../../shared/wire-warning';
import { dateName, dayOf } from '../../shared/time';
import { wall } from '../clock.svelte';
import { t, word } from '../t';
import { range } from './days';

export const says = ({ low, centre, high }: Omit<Numbers, 'item_id'>): string => (low === high ? t('baseline.says_one', { centre }) : t('baseline.says', { low, centre, high }));

/** A sign is in the client's own words, and stands in quotation marks. */
export const titleOf = ({ text, short }: BaselineItem): string => (short === text ? `“${text}”` : text);

/** The same in the middle of a sentence. */
export const shortOf = (item: BaselineItem): string => (item.short && item.short !== item.text ? item.short : titleOf(item));

export const firstName = (worker: WorkerRef | null): string => worker?.first_name ?? t('usual.somebody');

/** Days of this client, in words. */
export function wordsFor(client: ClientPage) {
  const name = client.preferred_name;
  const today = () => dayOf(wall.now, client.time_zone);
  const on = (moment: string) => dateName(moment.length === 10 ? moment : dayOf(moment, client.time_zone), today());
  return {
    name,
    today,
    /** "3 November", whether it was an instant or a day. */
    on,
    days: (first: string, last: string) => range(first, last, today()),
    /** How one that people agreed to was agreed. */
    agreed: (one: Baseline): string =>
      t(one.agreed_how === 'on_phone' ? 'usual.on_phone' : 'usual.together', { name, worker: firstName(one.proposed_by), day: on(one.answered_at ?? one.in_force_from ?? one.proposed_at) }),
    line: (one: Baseline): string => {
      const said = { worker: firstName(one.proposed_by), day: on(one.proposed_at) };
      return one.in_force ? t('usual.line_in_force', said) : t('usual.line', { ...said, state: word('usual.state', one.state) });
    },
  };
}
