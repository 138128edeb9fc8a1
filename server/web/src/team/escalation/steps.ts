// A list of steps in words, and what would be wrong with one.
import { t } from '../t';
import type { Step, Who } from './wire';

export const WHO = ['key_worker', 'assigned', 'first_line', 'second_line', 'team_lead', 'catch_all', 'person'] as const satisfies readonly Who[];
export const LONGEST = 240;
export const MOST = 12;

export const fresh = (): Step => ({ who: 'first_line', worker_id: null, minutes: 5 });

/** A key worker is at home at night. */
const ringsAtNight = ({ who }: Step): boolean => who !== 'key_worker' && who !== 'assigned';

/** "key worker, 5 minutes → first line, 5 minutes → team leads, 5 minutes, and the last goes on until somebody answers" */
export function says(steps: readonly Step[], nameOf: (id: string) => string | null): string {
  const list = steps.map(({ who, worker_id, minutes }) => t('policy.step', { who: who === 'person' && worker_id ? (nameOf(worker_id) ?? t('policy.somebody')) : t(`policy.who.${who}`), n: minutes }));
  return `${list.join(' → ')}, ${t('policy.last')}`;
}

export type Wrong = { at: number | null; what: 'policy.need_step' | 'policy.need_person' | 'policy.need_minutes' | 'policy.need_night' };
export function wrong(steps: readonly Step[], by_day: boolean): Wrong | null {
  if (steps.length === 0) return { at: null, what: 'policy.need_step' };
  const nameless = steps.findIndex((one) => one.who === 'person' && !one.worker_id);
  if (nameless >= 0) return { at: nameless, what: 'policy.need_person' };
  const timeless = steps.findIndex(({ minutes }) => !Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST);
  if (timeless >= 0) return { at: timeless, what: 'policy.need_minutes' };
  if (!by_day && !steps.some(ringsAtNight)) return { at: null, what: 'policy.need_night' };
  return null;
}

/** A name is sent only with a step that means one person. */
export const sent = (steps: readonly Step[]): Step[] => steps.map(({ who, worker_id, minutes }) => ({ who, worker_id: who === 'person' ? worker_id : null, minutes }));
