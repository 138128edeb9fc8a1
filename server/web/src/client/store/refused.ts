const SELDOM = 10 * 60_000;
let lastTried = 0;

/**
 * Of a contact key that our server has refused: while a request waits it is tried seldom, and not each time. The server may have been wrong, as one
 * that was restored too far back is.
 */
export function isTimeForKey(): boolean {
  if (Math.abs(Date.now() - lastTried) < SELDOM) return false;
  lastTried = Date.now();
  return true;
}
