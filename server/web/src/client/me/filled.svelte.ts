import { Problem } from '../../shared/api';
import { serverSays } from '../words';
import { unsure } from './unsure';

/** A form about something that the server keeps. What arrives later fills it only while nothing has been changed in it. */
export class Filled<T> {
  typed = $state() as T;
  message = $state('');
  failed = $state(false);
  saving = $state(false);
  #touched = $state(false);

  /** `known`: as the server told it last, or null before it has. */
  constructor(empty: T, known: () => T | null) {
    this.typed = known() ?? empty;
    $effect(() => {
      const now = known();
      if (now && !this.#touched) this.typed = now;
    });
  }

  touch = (): void => {
    this.#touched = true;
    this.message = '';
  };

  say(message: string, failed: boolean): void {
    Object.assign(this, { message, failed });
  }

  async save(send: (typed: T) => Promise<unknown>, words: { saved: string; notTaken: (reason: string) => string; notSaved: string }): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    const { onLine } = navigator;
    try {
      await send($state.snapshot(this.typed) as T);
      this.#touched = false;
      this.say(words.saved, false);
    } catch (error) {
      const lost = unsure(error, onLine) ?? words.notSaved;
      this.say(error instanceof Problem ? words.notTaken(serverSays(error.message)) : lost, true);
    } finally {
      this.saving = false;
    }
  }
}
