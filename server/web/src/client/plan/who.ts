import { capital, dateName, dayOf, exact } from '../../shared/time';
import type { PlanVersion } from '../../shared/wire-plan';
import { me } from '../store/about';
import { time } from '../store/now.svelte';
import { zone } from '../store/session.svelte';
import { t } from '../words';
import { q } from './words';

// Who wrote or agreed what, and when, as a person says it.

export const day = (instant: string): string => dateName(dayOf(instant, zone()), dayOf(time.now, zone()));
export const when = (instant: string): string => exact(instant, time.now, zone());

/** For paper, which is read by others and kept for long: by name, and with the year. */
export function paperWords({ number, client_agreed, worker_agreed, written_at }: PlanVersion, client: string): string {
  const on = (instant: string) => dateName(dayOf(instant, zone()), '0000-01-01');
  if (number === null || !client_agreed) return q('paper.draft', { day: on(written_at) });
  const name = client_agreed.worker ?? worker_agreed?.by ?? t('app.team');
  if (client_agreed.how === 'together') return q('paper.together', { n: number, client, name, day: on(client_agreed.at) });
  return q('paper.both', { n: number, client, name, day: on(client_agreed.at), other: on(worker_agreed?.at ?? client_agreed.at) });
}

/** The worker who is asked first. */
export const keyWorker = (): string => me.data?.team.find((worker) => worker.key_worker)?.first_name ?? t('app.team');

export const wroteWords = ({ by, written_at, merged }: Pick<PlanVersion, 'by' | 'written_at' | 'merged'>): string => {
  const key = merged ? 'merged' : 'wrote';
  return q(`who.${key}_${by.who}`, { name: by.name, when: when(written_at) });
};
/** Why a draft waits for the client. */
export const waitsWords = ({ by, worker_agreed }: Pick<PlanVersion, 'by' | 'worker_agreed'>): string => {
  if (worker_agreed) return q('news.waits_agreed', { name: worker_agreed.by ?? capital(t('app.team')) });
  return by.who === 'worker' ? q('news.waits_wrote', { name: by.name }) : q('news.waits_merged');
};

/** One line for each who has said yes, or is still to. */
export function agreedLines({ client_agreed, worker_agreed }: Pick<PlanVersion, 'client_agreed' | 'worker_agreed'>): { done: boolean; words: string }[] {
  if (client_agreed?.how === 'together') return [{ done: true, words: q('agreed.together', { name: client_agreed.worker ?? worker_agreed?.by ?? t('app.team'), day: day(client_agreed.at) }) }];
  return [
    client_agreed ? { done: true, words: q('agreed.you', { day: day(client_agreed.at) }) } : { done: false, words: q('agreed.you_not') },
    worker_agreed ? { done: true, words: q('agreed.worker', { name: worker_agreed.by ?? capital(t('app.team')), day: day(worker_agreed.at) }) } : { done: false, words: q('agreed.worker_not', { name: keyWorker() }) },
  ];
}

/** The same in one sentence, for the head of a page and for paper. */
export function agreedSentence(version: Pick<PlanVersion, 'client_agreed' | 'worker_agreed' | 'number'>): string {
  const said = agreedLines(version).map(({ words }) => words).join(' ');
  return version.number === null ? said : `${q('agreed.number', { n: version.number })} ${said}`;
}
