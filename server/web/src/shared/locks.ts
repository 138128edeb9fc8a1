/**
 * One tab at a time. Old browsers without locks simply run: the server's idempotency is the second net. A tab that the phone has stopped may
 * hold a lock for as long as it likes: with `patience` (in milliseconds) nobody waits longer than that, and then does `instead`. Without
 * `instead` the work itself is done, beside whoever holds the lock: only for what the server may be told twice.
 */
export async function onlyOne<T>(name: string, work: () => Promise<T>, patience?: number, instead: () => Promise<T> = work): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  if (!patience) return navigator.locks.request(name, work) as Promise<T>;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience);
  let ours = false;
  try {
    return await (navigator.locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      ours = true;
      return work();
    }) as Promise<T>);
  } catch (error) {
    if (ours || !waiting.signal.aborted) throw error;
  }
  return instead();
}

/** Longer than the requests of another tab take, and short enough for somebody who waits for a person. */
export const PATIENCE = 75_000;
