import type { Db } from './db';

/** This phone is full: something could not be stored, which the person must be told. */
export const full = $state({ said: false });

export const isFull = (error: unknown): boolean => (error as Error | null)?.name === 'QuotaExceededError';

/** Lets go of what comes again by itself when there is room: pictures of articles first, then the articles. Answers whether there was any. */
export async function makeRoom(db: Db): Promise<boolean> {
  for (const store of ['images', 'texts'] as const) {
    if ((await db.count(store)) === 0) continue;
    await db.clear(store);
    return true;
  }
  return false;
}
