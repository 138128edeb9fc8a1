// Tonight as a list of lines, and a clock that runs over it.
import { t } from '../t';
import type { WorkerRef } from '../../shared/wire-team';
import type { Rehearsal, RehearsalEvent } from './wire';

/** A minute of the night in a second of ours. */
export const FASTER = 60;

/** `inVain`: the step means somebody, and none of them could be rung. */
export type Line = { at: number; asks: boolean; event: RehearsalEvent | null; inVain: boolean };

export function linesOf(rehearsal: Rehearsal): Line[] {
  return rehearsal.asked
    .flatMap(({ at, events }) => [
      { at: Date.parse(at), asks: true, event: null, inVain: false },
      ...events.map((event, n) => ({ at: Date.parse(event.at), asks: false, event, inVain: event.what === 'empty' && events[n - 1]?.what === 'no_channel' && events[n - 1]?.step === event.step })),
    ])
    .map((line, n) => ({ line, n }))
    .sort((a, b) => a.line.at - b.line.at || a.n - b.n)
    .map(({ line }) => line);
}

export const until = (lines: readonly Line[], clock: number): Line[] => lines.filter((line) => line.at <= clock);
/** When the next line comes; null when there is none. */
export const nextAt = (lines: readonly Line[], clock: number): number | null => lines.find((line) => line.at > clock)?.at ?? null;

export function says({ what, who, worker, channel }: RehearsalEvent, inVain = false): string {
  if (inVain) return t('rehearse.in_vain');
  const names = { worker: worker?.name ?? t('rehearse.somebody'), who: who ? t(`policy.who.${who}`) : '', channel: channel ? t(`rehearse.by.${channel}`) : '?' };
  if (what === 'rung') return t(who && who !== 'person' ? 'rehearse.rung_who' : 'rehearse.rung', names);
  if (what === 'empty') return t(who ? `rehearse.empty.${who}` : 'rehearse.empty_some');
  return t(`rehearse.${what}`, names);
}
/** At how many of the hours nobody at all would be rung. */
export const silent = ({ asked }: Rehearsal): number => asked.filter(({ events }) => events.some((one) => one.what === 'nobody')).length;
/** Whoever is meant at some time of the night and has nothing that could ring. */
export function unreachable({ asked }: Rehearsal): WorkerRef[] {
  const found = new Map<string, WorkerRef>();
  for (const { what, worker } of asked.flatMap(({ events }) => events)) if (what === 'no_channel' && worker) found.set(worker.id, worker);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
export const isHole = (line: Line): boolean => line.event?.what === 'nobody' || line.event?.what === 'no_channel';
