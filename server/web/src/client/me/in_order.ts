import { atMost } from '../store/patience';

/** A store that hangs holds up what comes after it no longer than this: longer than any answer of the server is waited for. */
const LIMIT = 60_000;

/** Work one after another. What is pressed while the last is still on its way goes after it, so that the last word counts. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether nothing is on its way any more: what is said of one piece of work is then true of all. */
  get done(): boolean {
    return this.#waiting === 0;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const mine = atMost(this.#last, LIMIT).then(work);
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }
}
