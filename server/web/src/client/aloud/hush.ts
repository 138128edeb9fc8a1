// Small, as it is part of the first load: whoever leaves at once or locks the app silences it first, whatever page was being read.

let stop: (() => void) | null = null;

/** From now on this one is what speaks; what spoke before is over. */
export function speaks(how: () => void): void {
  if (stop !== how) stop?.();
  stop = how;
}

export function hush(): void {
  stop?.();
  stop = null;
  // Also what nobody here knows of any more: a page's voice may outlive its page.
  if (typeof speechSynthesis !== 'undefined') speechSynthesis.cancel();
}
