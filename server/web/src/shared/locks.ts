/** One tab at a time. Old browsers without locks simply run: the server's idempotency is the second net. */
export function onlyOne<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  return navigator.locks.request(name, work) as Promise<T>;
}
