import { InOrder } from '../me/in_order';
import { unsure } from '../me/unsure';
import { providerName } from '../store/provider.svelte';
import { t } from '../words';
import { saveSettings } from './view.svelte';
import { r } from './words';

/** One setting on its way: said when it is saved, and when it is not. */
export class Setting {
  message = $state('');
  failed = $state(false);
  #way = new InOrder();

  /** Whether all that was pressed has come to its end. */
  get settled(): boolean {
    return this.#way.done;
  }

  /** What is changed again meanwhile follows it, and only then is it called saved, or not saved. */
  async save(change: Parameters<typeof saveSettings>[0]): Promise<void> {
    const { onLine } = navigator;
    // What is said next is heard also where it is the same.
    this.message = '';
    try {
      await this.#way.run(() => saveSettings(change));
      if (this.settled) this.#tell(r('set.saved', { provider: providerName() ?? t('app.provider') }), false);
    } catch (error) {
      if (this.settled) this.say(unsure(error, onLine) ?? r('set.not_saved'));
    }
  }

  say(problem: string): void {
    this.#tell(problem, true);
  }

  #tell(message: string, failed: boolean): void {
    Object.assign(this, { message, failed });
  }
}
