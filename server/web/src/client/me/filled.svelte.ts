import { Problem } from '../../shared/api';
import { serverSays } from '../words';
import { InOrder } from './in_order';
import { unsure } from './unsure';

/**
 * A form about something that the server keeps. What arrives later fills it only while nothing has been changed in it. What is changed while it is
 * being saved stays, is not called saved, and goes after it when that is asked for.
 */
export class Filled<T> {
  typed = $state() as T;
  message = $state('');
  failed = $state(false);
  /** What goes to the server just now. */
  #sent = $state<string | null>(null);
  #way = new InOrder();
  #touched = $state(false);

  /** `known`: as the server told it last, or null before it has. */
  constructor(empty: T, known: () => T | null) {
    this.typed = known() ?? empty;
    $effect(() => {
      const now = known();
      if (now && !this.#touched) this.typed = now;
    });
  }

  /** Whether all that is typed is on its way already. */
  get saving(): boolean {
    return this.#sent === JSON.stringify(this.typed);
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
    const sent = $state.snapshot(this.typed) as T;
    this.#sent = JSON.stringify(sent);
    this.message = '';
    const { onLine } = navigator;
    try {
      await this.#way.run(() => send(sent));
      if (!this.#way.done || !this.saving) return;
      this.#touched = false;
      this.say(words.saved, false);
    } catch (error) {
      if (!this.#way.done) return;
      // Only what our server says is a no to these words.
      const refused = error instanceof Problem && error.hasCode;
      this.say(refused ? words.notTaken(serverSays(error.message)) : (unsure(error, onLine) ?? words.notSaved), true);
    } finally {
      if (this.#way.done) this.#sent = null;
    }
  }
}
