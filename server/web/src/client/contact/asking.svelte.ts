import type { How, When } from '../../shared/wire';
import { db } from '../store/db';
import { isFull } from '../store/quota.svelte';
import { change, get } from '../store/rows';
import { session } from '../store/session.svelte';
import { t } from '../words';

export const WHEN: When[] = ['now', 'today', 'when_you_can'];
export const HOW: How[] = ['call', 'text', 'visit'];

/** Where words that were begun are kept, until they are asked with. */
export const BEGUN = 'contact_begun';
const DAY = 86_400_000;

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

  /** What was begun before the app was closed, locked or brought up to date. What is typed meanwhile stands; after a day it is another day's. */
  async carryOn(): Promise<void> {
    const own = session.current;
    const row = own && (await get(await db(), 'cache', [own.client_id, BEGUN]));
    if (row && !this.message && Date.now() - Date.parse(row.at) < DAY) this.message = row.data as string;
  }

  /** Kept after every change, but not beside being asked with, or words that went would come back. On a full phone the words stay on the screen; sending says so if it fails too. */
  typed = async (): Promise<void> => {
    const own = session.current;
    if (!own || this.saving) return;
    const [client_id, data] = [own.client_id, this.message];
    await change(await db(), client_id, (turn) => {
      if (data.trim()) turn.put('cache', { client_id, name: BEGUN, data, etag: null, at: new Date().toISOString() });
      else turn.delete('cache', [client_id, BEGUN]);
    }, { joined: true }).catch(() => undefined);
  };
}
