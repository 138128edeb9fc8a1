// A request counts as *reached* when it has come to a screen that somebody may be looking at. A tab behind others, or on a phone that
// is locked, goes on asking, and that reaches nobody.

export const isInSight = (): boolean => document.visibilityState === 'visible';

/** The address to fetch a list from now: with a word to the server where nobody sees this page. */
export function forEyes(path: string): string {
  if (isInSight()) return path;
  return `${path}${path.includes('?') ? '&' : '?'}background=true`;
}

/** Waits until somebody may see this page: for what the server always takes as seen. */
export function inSight(): Promise<void> {
  if (isInSight()) return Promise.resolve();
  return new Promise((seen) => {
    const look = () => {
      if (!isInSight()) return;
      document.removeEventListener('visibilitychange', look);
      seen();
    };
    document.addEventListener('visibilitychange', look);
  });
}
