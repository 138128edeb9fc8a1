import type { Baseline, ClientBaseline } from '../../shared/wire-warning';

/** What the client declined, if nothing was suggested or agreed after it: somebody has to talk about it. */
export function declinedSince({ history }: Pick<ClientBaseline, 'history'>): Baseline | null {
  const newest = history[0];
  return newest?.state === 'declined' ? newest : null;
}
