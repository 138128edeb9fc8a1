// One request that is open on the screen. The inbox keeps it fresh while it is in it; what the inbox does not have (their plan, or
// the whole request once it has left the inbox) is asked for by its own address.
import { Problem } from '../../shared/api';
import type { Uuid } from '../../shared/wire';
import type { RequestPlan } from '../../shared/wire-night';
import type { TeamRequest } from '../../shared/wire-team';
import { inbox } from '../inbox/inbox.svelte';
import { inSight } from '../parts/eyes';
import { Doing } from '../parts/work.svelte';
import { oneRequest } from './contact';

/** Longer than most answers take, and no longer than that, in ms: whoever was woken wants the buttons. */
const PATIENCE = 600;

export class Opened {
  /** The newest of it that was heard outside the inbox. */
  last = $state.raw<TeamRequest | null>(null);
  /** `undefined` until it is known; `null` when they have none. */
  plan = $state.raw<RequestPlan | null | undefined>(undefined);
  /** Where what helps stands. The buttons wait for it a moment; what comes later goes below them, so that none moves under a finger. */
  helps = $state<'awaited' | 'above' | 'below'>('awaited');
  missing = $state(false);
  error = $state.raw<unknown>(null);
  readonly doing = new Doing();
  private readonly id: Uuid;
  /** Counts what was learnt, so that an answer that was long on its way does not replace a newer one. */
  private learnt = 0;
  private inTheInbox = false;

  constructor(id: Uuid) {
    this.id = id;
    void this.find().then(() => this.settle('above'));
  }

  private settle(place: 'above' | 'below'): void {
    if (this.helps === 'awaited') this.helps = place;
  }

  find = async (): Promise<void> => {
    // The server takes what is asked for by its own address as seen, so a tab behind others waits with it.
    await inSight();
    const turn = ++this.learnt;
    try {
      const { plan, ...request } = await oneRequest(this.id);
      this.plan = plan ?? null;
      if (turn === this.learnt) this.last = request;
      this.error = null;
    } catch (error) {
      this.missing = error instanceof Problem && error.status === 404;
      this.error = this.missing ? null : error;
    }
  };

  /** What the inbox says of it; when it has left the inbox, it is asked for once more: somebody may have finished it. */
  hear(known: TeamRequest | null): void {
    if (known && !this.last) setTimeout(() => this.settle('below'), PATIENCE);
    if (known) this.last = known;
    else if (this.inTheInbox) void this.find();
    this.inTheInbox = known !== null;
  }

  /** True when it was done. */
  act = async (work: () => Promise<TeamRequest>): Promise<boolean> => {
    const done = await this.doing.run(async () => {
      this.last = await work();
      this.learnt += 1;
    });
    // Also after a refusal: most often somebody else was faster, and the screen should say who.
    await inbox.look();
    return done;
  };
}
