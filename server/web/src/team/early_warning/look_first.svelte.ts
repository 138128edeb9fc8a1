// Nothing that decides what is raised is saved before somebody has looked at what it would have done. The server holds to that too:
// `seen` is its proof, good for this very change and for today. When it wants another look, it is shown again and nothing typed is lost.
import { Problem } from '../../shared/api';
import { uuidv7 } from '../../shared/uuid';
import type { Replay, ReplayBody } from '../../shared/wire-warning';
import { Doing } from '../parts/work.svelte';
import { api } from '../session.svelte';

const same = (a: ReplayBody | null, b: ReplayBody) => JSON.stringify(a) === JSON.stringify(b);

export class LookFirst {
  replay = $state.raw<Replay | null>(null);
  /** The server asked for another look. */
  again = $state(false);
  readonly looking = new Doing();
  readonly saving = new Doing();
  private of = $state.raw<ReplayBody | null>(null);
  private readonly path: () => string;
  // The same body keeps its id, so that sending it again is free; anything else gets a new one.
  private sent = { words: '', id: '' };

  constructor(client: () => string) {
    this.path = () => `/team/clients/${client()}/assessments/replay`;
  }

  async look(change: ReplayBody): Promise<boolean> {
    this.again = false;
    return this.looking.run(() => this.fetch(change));
  }
  private async fetch(change: ReplayBody) {
    this.replay = await api.post<Replay>(this.path(), change);
    this.of = change;
  }

  /** Was what is shown worked out for this very change? */
  isOf = (change: ReplayBody): boolean => this.replay !== null && same(this.of, change);

  /** Sends it with what proves the look. False when it was not saved. */
  async save(change: ReplayBody, body: object, put: (body: object) => Promise<unknown>): Promise<boolean> {
    const { replay } = this;
    if (!replay || !this.isOf(change)) return false;
    this.again = false;
    const words = JSON.stringify(body);
    if (this.sent.words !== words) this.sent = { words, id: uuidv7() };
    let kept = false;
    await this.saving.run(async () => {
      try {
        await put({ ...body, id: this.sent.id, seen: replay.seen });
        kept = true;
        this.forget();
      } catch (error) {
        if (!(error instanceof Problem && error.status === 409)) throw error;
        this.sent = { words: '', id: '' };
        await this.fetch(change);
        this.again = true;
      }
    });
    return kept;
  }

  forget() {
    this.replay = this.of = null;
    this.sent = { words: '', id: '' };
    this.again = false;
  }
}
