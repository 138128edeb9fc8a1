// The two things a view does with the server: look something up, and do something. Both can fail, and both say how.
import { Problem, Unreachable } from '../../shared/api';
import { t } from '../t';

export function inWords(error: unknown): string {
  if (error instanceof Unreachable) return t('problem.offline');
  if (!(error instanceof Problem) || error.status === 500 || error.code === 'unknown') return t('problem.unknown');
  if (error.code === 'not_found') return t('problem.not_found');
  return error.message;
}

/** For what was looked for in a list and is not in it. */
export const nothingHere = new Problem(404, { code: 'not_found' });

/** The server's word on one field, if it had one. */
export const onField = (error: unknown, field: string): string | null =>
  error instanceof Problem ? (error.errors.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message ?? null) : null;

/** Something looked up. What was there stays on the screen while it is fetched again, and when that fails. */
export class Looked<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  /** When `data` was true. */
  asOf = $state.raw<Date | null>(null);
  private turn = 0;
  private newest: Promise<void> = Promise.resolve();
  private readonly ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    this.ask = ask;
  }

  /** Over when a look is that began now or later: then `data` and `error` are of that one. */
  look(): Promise<void> {
    return (this.newest = this.once(++this.turn));
  }

  private async once(turn: number): Promise<void> {
    try {
      const data = await this.ask();
      // An older answer that comes late must not replace a newer one.
      if (turn !== this.turn) return this.newest;
      this.data = data;
      this.asOf = new Date();
      this.error = null;
    } catch (error) {
      if (turn !== this.turn) return this.newest;
      this.error = error;
    }
  }

  forget() {
    this.turn += 1;
    this.newest = Promise.resolve();
    this.data = this.error = this.asOf = null;
  }
}

/** Something done. Only one at a time, so that an eager second click does nothing. */
export class Doing {
  busy = $state(false);
  error = $state.raw<unknown>(null);

  /** True when it was done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
