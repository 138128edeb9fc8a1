import type { Db } from './db';

/** `said`: this phone is full, something could not be stored, and the person must be told. `at`: when it was last found to be full. */
export const full = $state({ said: false, at: 0 });

export const isFull = (error: unknown): boolean => (error as Error | null)?.name === 'QuotaExceededError';
/** What may be done without is done without; anything else is thrown on. */
export const unlessFull = (error: unknown): void => {
  if (!isFull(error)) throw error;
};

/** Only something with a photo in it is as large when it is sealed. */
const LARGE = 32 * 1024;

/**
 * Lets go of what can be spared: second copies of photos that the server has, then what comes again by itself, pictures of articles and then
 * the articles. Answers whether there was any.
 */
async function makeRoom(db: Db): Promise<boolean> {
  full.at = Date.now();
  const large = (await db.getAll('received')).filter(({ box }) => box?.byteLength > LARGE);
  for (const { id } of large) await db.delete('received', id!);
  if (large.length) return true;
  for (const store of ['images', 'texts'] as const) {
    if ((await db.count(store)) === 0) continue;
    await db.clear(store);
    return true;
  }
  return false;
}

/** Done again as long as it does not fit and there is something to let go of for it. */
export async function fitting<T>(db: Db, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error) || !(await makeRoom(db))) throw error;
    }
  }
}
