export type Chosen = { in: number; out: number; minutes: number | null; words_only: boolean; buzz: boolean };

export const USUAL: Chosen = { in: 4, out: 6, minutes: 3, words_only: false, buzz: false };

/** What the phone is asked to do as a breath begins: one soft buzz for in, two for out. */
export const BUZZ: Record<'in' | 'out', number[]> = { in: [60], out: [60, 140, 60] };

/** Not every phone can. */
export const vibrate = (pattern: number[]): void => void (navigator as { vibrate?: (pattern: number[]) => boolean }).vibrate?.(pattern);
export const canVibrate = (): boolean => 'vibrate' in navigator;
