import type { Ruled } from './rules';

// The little of the rules that is needed before anything is sent.

export const MINUTE = 60_000;
export const FIRST_WAIT = 5_000;

export const isContact = (kind: string): boolean => kind.startsWith('contact_');
/** It still has to go. A state that a newer app has left here is not ours to judge. */
export const isUnsent = ({ state }: Pick<Ruled, 'state'>): boolean => state === 'waiting' || state === 'set_aside';

/** Of these only the newest about one thing is worth sending. */
const NEWEST = ['baseline_answer', 'occurrence', 'plan_agree', 'pack_feedback'];

/**
 * Whether `one` goes when `entry` is kept. Who asks for a person again takes no request back any more: a cancel on its way would close the new
 * one with the old. What was received stays, and what a newer app has left.
 */
export function replaces(entry: Pick<Ruled, 'kind' | 'target'>, one: Pick<Ruled, 'kind' | 'target' | 'state'>): boolean {
  if (!isUnsent(one) && one.state !== 'refused') return false;
  if (entry.kind === 'contact_request') return one.kind === 'contact_cancel';
  // There is one first-aid box, and each time the whole of it is sent.
  const newest = entry.kind === 'pack_first_aid' || (NEWEST.includes(entry.kind) && entry.target !== null);
  return newest && one.kind === entry.kind && one.target === entry.target;
}

/** How long to leave the server alone after rounds that came to nothing. */
export const backoff = (failures: number, urgent: boolean): number => Math.min(FIRST_WAIT * 2 ** Math.max(0, failures - 1), urgent ? MINUTE / 2 : 5 * MINUTE);
