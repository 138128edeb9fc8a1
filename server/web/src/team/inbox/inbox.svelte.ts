// What is open, as it is shown. One store for the whole app: the header counts from it, the inbox shows it.
import type { Inbox, InboxRow } from '../../shared/wire-team';
import { live, onNews } from '../live.svelte';
import { forEyes } from '../parts/eyes';
import { Looked } from '../parts/work.svelte';
import { api } from '../session.svelte';
import { arrive, type Shown } from './groups';

class Desk {
  shown = $state.raw<Shown[]>([]);
  /** What came while somebody was reading. */
  waiting = $state.raw<InboxRow[]>([]);
  mine = $state(false);
  private readonly looked = new Looked(async () => {
    const { mine } = this;
    return { ...(await api.get<Inbox>(forEyes(`/team/inbox${mine ? '?mine=true' : ''}`))), mine };
  });
  private latest = $state.raw<InboxRow[]>([]);
  /** Asked at the moment news comes: is somebody reading the list? The view knows. */
  isReading = () => false;

  get asOf() {
    return this.looked.asOf;
  }
  get error() {
    return this.looked.error;
  }
  /** What is shown is only what is mine. With no signal that stays so, also when all of it is wanted. */
  get ofMine() {
    return this.looked.data?.mine ?? this.mine;
  }
  /** Everything open, let in or not: for pages that show it beside other things. */
  get open(): InboxRow[] {
    return this.latest;
  }
  get needNow() {
    return this.latest.filter((row) => row.group === 'now').length;
  }

  /** Over when a look is that began now or later. */
  async look() {
    await this.looked.look();
    const inbox = this.looked.data;
    if (!inbox || this.looked.error) return;
    this.latest = inbox.items;
    ({ shown: this.shown, waiting: this.waiting } = arrive(this.shown, inbox.items, this.shown.length > 0 && this.isReading()));
  }

  /** Let in what was waiting, and let go of what is gone. */
  letIn() {
    ({ shown: this.shown, waiting: this.waiting } = arrive([], this.latest, false));
  }

  async onlyMine(mine: boolean) {
    this.mine = mine;
    await this.looked.look();
    this.latest = this.looked.data?.items ?? this.latest;
    this.letIn();
  }

  /** Stay up to date until told to stop. Several events in one breath are one look. */
  follow(): () => void {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const stop = onNews(() => {
      soon ??= setTimeout(() => {
        soon = undefined;
        void this.look();
      }, 150);
    });
    void this.look();
    return () => {
      stop();
      clearTimeout(soon);
      this.shown = [];
      this.waiting = [];
      this.latest = [];
      this.looked.forget();
    };
  }

  /** How sure we can be of what is shown. */
  get trust(): 'live' | 'joining' | 'polled' | 'stale' {
    // A line that has gone dead without a word is found out by the look that fails.
    if (this.error) return 'stale';
    if (live.state === 'live') return 'live';
    return live.state === 'joining' ? 'joining' : 'polled';
  }
}

export const inbox = new Desk();
