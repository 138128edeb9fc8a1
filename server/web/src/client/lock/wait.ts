import { l } from './words';

/** Whole minutes, and half a minute as itself: nothing on the screen counts down. */
export const minutesUntil = (until: number, now: number): number => (until - now <= 30_000 ? 0 : Math.ceil((until - now) / 60_000));

export const waitWords = (minutes: number): string => (minutes === 0 ? l('locked.wait_short') : l('locked.wait', { n: minutes }));
