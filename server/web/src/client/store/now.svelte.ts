/** The clock that views are drawn by; it moves on every few seconds, so that "2 minutes" comes true on screen. */
export const time = $state({ now: Date.now(), online: typeof navigator === 'undefined' || navigator.onLine });

export function startClock(): void {
  const tick = () => {
    time.now = Date.now();
    time.online = navigator.onLine;
  };
  setInterval(tick, 5_000);
  for (const event of ['online', 'offline', 'focus', 'pageshow']) window.addEventListener(event, tick);
}
