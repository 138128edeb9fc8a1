import type { PlanBody } from '../wire-plan';
import { LINE_LISTS, STAGE_LISTS } from './body';

// Two people changed the same line at once: both wordings are there, the later one saying beside which it stands. People choose.

type Placed = { id: string; beside: string | null };
export type Pair<T> = { line: T; others: T[] };

/** Each line with the other wordings of it. One whose line is gone stands alone. */
export function paired<T extends Placed>(list: readonly T[]): Pair<T>[] {
  const alone = list.filter((one) => !one.beside || !list.some((other) => other.id === one.beside && other.id !== one.id));
  // A wording of a wording belongs to the line they both go back to.
  const root = (one: T, steps = 0): string => {
    const next = one.beside && steps < list.length ? list.find((other) => other.id === one.beside) : undefined;
    return next ? root(next, steps + 1) : one.id;
  };
  return alone.map((line) => ({ line, others: list.filter((one) => one !== line && root(one) === line.id) }));
}

/**
 * Keeps this wording and takes the others of the same line out. It is that line now: it stands where the first of them stood and
 * has its id, so that a reminder that hangs on the line goes on.
 */
export function keepOnly<T extends Placed>(list: readonly T[], id: string): T[] {
  const pair = paired(list).find(({ line, others }) => line.id === id || others.some((one) => one.id === id));
  if (!pair) return [...list];
  const wordings = [pair.line, ...pair.others];
  const kept = wordings.find((one) => one.id === id)!;
  return list.flatMap((one) => (one === pair.line ? [{ ...kept, id: one.id, beside: null }] : wordings.includes(one) ? [] : [one]));
}

/** Keeps them all, each as a line of its own. */
export function keepAll<T extends Placed>(list: readonly T[], id: string): T[] {
  const pair = paired(list).find(({ line, others }) => line.id === id || others.some((one) => one.id === id));
  const ids = pair ? [pair.line, ...pair.others].map((one) => one.id) : [];
  return list.map((one) => (ids.includes(one.id) ? { ...one, beside: null } : one));
}

/** Lines that stand in more than one wording. */
export function doubledIn(body: PlanBody): number {
  const lists: Placed[][] = [...LINE_LISTS.map((list) => body[list]), ...body.stages.flatMap((stage) => STAGE_LISTS.map((list) => stage[list])), body.people];
  return lists.reduce((sum, list) => sum + paired(list).filter(({ others }) => others.length > 0).length, 0);
}
