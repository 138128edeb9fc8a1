/** What it needs of the browser; not every phone has it. */
type Screen = { request: (type: 'screen') => Promise<{ release: () => Promise<void> }> };
type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/**
 * Keeps the screen from going dark until what it returns is called. The phone lets go by itself when the person looks
 * elsewhere; when they come back it is asked again. A phone that says no goes dark as it always does.
 */
export function keepAwake(screen: Screen | undefined = (navigator as { wakeLock?: Screen }).wakeLock, page: Page = document): () => void {
  if (!screen) return () => {};
  let over = false;
  let lock: { release: () => Promise<void> } | null = null;
  const letGo = () => {
    void lock?.release().catch(() => undefined);
    lock = null;
  };
  const ask = async () => {
    if (page.visibilityState !== 'visible') return;
    try {
      const given = await screen.request('screen');
      letGo();
      lock = given;
      if (over) letGo();
    } catch {
      // A low battery or a setting of the phone.
    }
  };
  page.addEventListener('visibilitychange', ask);
  void ask();
  return () => {
    over = true;
    page.removeEventListener('visibilitychange', ask);
    letGo();
  };
}
