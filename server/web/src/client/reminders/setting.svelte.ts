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

  /** True when the server has it. What is changed again meanwhile follows it, and only then is it called saved. */
  async save(change: Parameters<typeof saveSettings>[0]): Promise<boolean> {
    const { onLine } = navigator;
    try {
      await this.#way.run(() => saveSettings(change));
      if (this.settled) this.message = r('set.saved', { provider: providerName() ?? t('app.provider') });
      this.failed = false;
      return true;
    } catch (error) {
      this.say(unsure(error, onLine) ?? r('set.not_saved'));
      return false;
    }
  }

  say(problem: string): void {
    this.message = problem;
    this.failed = true;
  }
}
