import type { How, When } from '../../shared/wire';
import { isFull } from '../store/quota.svelte';
import { t } from '../words';

export const WHEN: When[] = ['now', 'today', 'when_you_can'];
export const HOW: How[] = ['call', 'text', 'visit'];

/** The sheet as it is being filled: in the app, in Easy Read, and in front of the lock. `give` keeps on this phone what is asked. */
export class Asking {
  when = $state<When>('now');
  how = $state<How>('call');
  message = $state('');
  problem = $state('');
  saving = $state(false);
  #give: (asking: Asking) => Promise<void>;

  constructor(how: How, give: (asking: Asking) => Promise<void>) {
    this.how = how;
    this.#give = give;
  }

  send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.saving) return;
    this.saving = true;
    this.problem = '';
    try {
      await this.#give(this);
    } catch (error) {
      this.problem = isFull(error) ? `${t('app.full', { what: t('app.full_contact') })} ${t('contact.failed')}` : t('contact.failed');
    } finally {
      this.saving = false;
    }
  };
}
