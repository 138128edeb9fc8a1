import type { Day } from '../../shared/wire';
import type { MyBaseline, MyBaselines } from '../../shared/wire-my-warning';

/** What is known, with what the server has just said to an answer. Nothing is ever taken out of the history. */
export function withAnswered(known: MyBaselines | null, answered: MyBaseline): MyBaselines {
  const { current = null, proposed = null, history = [] } = known ?? {};
  const listed = history.some((one) => one.id === answered.id);
  return {
    current: answered.in_force ? answered : current,
    proposed: proposed?.id === answered.id ? null : proposed,
    history: listed ? history.map((one) => (one.id === answered.id ? answered : one)) : [answered, ...history],
  };
}

/** What was before: neither what is in force nor what waits for an answer. */
export const earlier = ({ current, proposed, history }: MyBaselines): MyBaseline[] =>
  history.filter((one) => one.id !== current?.id && one.id !== proposed?.id && one.state !== 'proposed');

/** The day on which the next one took its place, if that was another day; `history` is newest first. */
export function endOf(history: MyBaseline[], made: MyBaseline): Day | null {
  const agreed = history.filter((one) => one.state === 'agreed');
  const next = agreed[agreed.findIndex((one) => one.id === made.id) - 1]?.in_force_from ?? null;
  return next === made.in_force_from ? null : next;
}
