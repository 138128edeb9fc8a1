// Who was rung about something and what comes next, in words. Pure: what the server says and the time in, words out.
import type { Escalation } from '../../shared/wire-night';
import { t, word } from '../t';

/** A step that is this much overdue is said to be. */
const LATE = 60_000;

/** Where it stands, and what comes next. `when` says an instant within a sentence, `clock` as a time alone. */
export function standsAt(escalation: Escalation, now: number, { when, clock }: { when: (at: string) => string; clock: (at: string) => string }): string[] {
  const { state, step, of, next_at, comes_back_at } = escalation;
  if (state === 'ended') return [t('rung.ended')];
  if (state === 'held') return [t('rung.held'), ...(comes_back_at ? [t('rung.comes_back', { time: when(comes_back_at) })] : [])];
  const who = word('rung.who', escalation.who ?? 'anybody');
  const here = step === null ? t('rung.no_step', { who }) : t('rung.ringing', { step, of, who });
  if (!next_at) return [here];
  const late = Date.parse(next_at) + LATE < now;
  return [here, t(late ? 'rung.late' : step !== null && step >= of ? 'rung.last' : 'rung.next', { time: clock(next_at) })];
}

export type Line = { at: string; words: string; failed: boolean };

/** The rings, newest first. */
export const lines = ({ rung }: Escalation): Line[] =>
  [...rung]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ at, worker, channel, heard }) => ({
      at,
      words: t('rung.line', { name: worker?.first_name ?? t('rung.somebody'), channel: word('rung.channel', channel), heard: word('rung.heard', heard) }),
      failed: heard === 'failed',
    }));
