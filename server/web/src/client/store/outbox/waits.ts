import type { Ruled } from './rules';

// The little of the rules that is needed before anything is sent.

export const MINUTE = 60_000;
export const FIRST_WAIT = 5_000;

export const isContact = (kind: string): boolean => kind.startsWith('contact_');
/** It still has to go. A state that a newer app has left here is not ours to judge. */
export const isUnsent = ({ state }: Pick<Ruled, 'state'>): boolean => state === 'waiting' || state === 'set_aside';

/** How long to leave the server alone after rounds that came to nothing. */
export const backoff = (failures: number, urgent: boolean): number => Math.min(FIRST_WAIT * 2 ** Math.max(0, failures - 1), urgent ? MINUTE / 2 : 5 * MINUTE);
