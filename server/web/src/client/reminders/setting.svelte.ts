import { unsure } from '../me/unsure';
import { providerName } from '../store/provider.svelte';
import { t } from '../words';
import { saveSettings } from './view.svelte';
import { r } from './words';

/** One setting on its way: said when it is saved, and when it is not. */
export class Setting {
  message = $state('');
  failed = $state(false);
  #busy = false;

  /** True when the server has it. */
  async save(change: Parameters<typeof saveSettings>[0]): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    const { onLine } = navigator;
    try {
      await saveSettings(change);
      this.message = r('set.saved', { provider: providerName() ?? t('app.provider') });
      this.failed = false;
      return true;
    } catch (error) {
      this.say(unsure(error, onLine) ?? r('set.not_saved'));
      return false;
    } finally {
      this.#busy = false;
    }
  }

  say(problem: string): void {
    this.message = problem;
    this.failed = true;
  }
}
