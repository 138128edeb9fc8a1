import type { Operation } from '../outbox/operation';
import type { Outcome, Part, SyncAnswer, SyncRequest } from '../outbox/request';

// A server small enough to be seen through, that keeps to what POST /me/sync promises. It can be put back to how it was.

type Taken = { kind: string; body: string; at: number };
type Copy = { known: Map<string, Taken>; version: number };

export type Poison = 'refused' | 'never' | 'breaks';

export class ModelServer {
  known = new Map<string, Taken>();
  /** Every id it ever took, restored or not: what a phone may call received. */
  ever = new Set<string>();
  acceptedAt = new Map<string, number>();
  poison = new Map<string, Poison>();
  /** What it ever said no to. */
  refused = new Set<string>();
  #version = 0;
  /** One of before anybody wrote anything is always there. */
  #copies: Copy[] = [{ known: new Map(), version: 0 }];
  /** No two lives of a server hand out the same place. */
  #life = 0;

  backUp(): void {
    this.#copies.push({ known: new Map(this.known), version: this.#version });
  }

  restore(which: number): void {
    const copy = this.#copies[which % this.#copies.length]!;
    this.known = new Map(copy.known);
    this.#version = copy.version;
    this.#life++;
  }

  /** `null`: it cannot even be carried. */
  sync(request: SyncRequest, now: number): SyncAnswer | null {
    if (request.operations.some(({ id }) => this.poison.get(id) === 'breaks')) return null;
    const operations = request.operations.map((one) => this.#take(one, now));
    const cursor = `${this.#life}/${this.#version}`;
    const wants = (part: Part) => request.cursor !== cursor && (!request.want || request.want.includes(part));
    return {
      cursor,
      server_time: new Date(now).toISOString(),
      operations,
      changes: wants('check_ins') ? { check_ins: [...this.known.keys()] } : {},
      offer_again: Boolean(request.last && !this.#remembers(request.last, request.last_at)),
      missing: (request.offered ?? []).filter((id) => !this.known.has(id)),
    };
  }

  /** It may have taken the same thing in another life: then at another moment. */
  #remembers(id: string, at: string | undefined): boolean {
    const taken = this.known.get(id);
    return taken !== undefined && (!at || Date.parse(at) === taken.at);
  }

  /** The route of the contact key: the status of its answer. */
  byKey(operation: Operation, now: number): 201 | 409 | 500 {
    if (this.poison.get(operation.id) === 'breaks') return 500;
    const { outcome } = this.#take(operation, now);
    return outcome === 'try_later' ? 500 : outcome === 'refused' ? 409 : 201;
  }

  #take(operation: Operation, now: number): Outcome {
    const said = this.#said(operation, now);
    if (said.outcome === 'refused') this.refused.add(said.id);
    return said;
  }

  #said({ id, kind, body }: Operation, now: number): Outcome {
    const said = (outcome: Outcome['outcome'], detail = ''): Outcome => ({ id, outcome, problem: outcome === 'refused' ? { type: '', title: '', status: 422, code: 'invalid', detail } : null, answer: null });
    const before = this.known.get(id);
    if (before) return before.body === JSON.stringify(body) ? said('already_done') : said('refused', 'Another body.');
    if (this.poison.get(id) === 'never') return said('try_later');
    const request = (body as { contact_request_id?: string }).contact_request_id;
    if (this.poison.get(id) === 'refused' || (request && !this.known.has(request))) return said('refused', 'Not this.');
    this.known.set(id, { kind, body: JSON.stringify(body), at: now });
    this.ever.add(id);
    this.acceptedAt.set(id, now);
    this.#version++;
    return said('done');
  }
}
