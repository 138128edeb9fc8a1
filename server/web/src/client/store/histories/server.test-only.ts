import { uuidv7 } from '../../../shared/uuid';
import type { Operation } from '../outbox/operation';
import type { Outcome, Part, SyncAnswer, SyncRequest } from '../outbox/request';

// A server small enough to be seen through, that keeps to what POST /me/sync promises. It can be put back to how it was.

/** `joined`: the request for contact that was open when this one was asked for. */
type Done = { kind: string; body: string; phone: string; joined: string | null };

/** What a backup holds. */
type Kept = {
  /** By its id, as the single routes know it. */
  done: Map<string, Done>;
  /** How often each tap did something: what is there twice is seen twice by whoever reads it. */
  times: Map<unknown, number>;
  /** What came by sync, and when: only of that it knows a phone's `last`. */
  remembered: Map<string, number>;
  /** The request for contact that somebody still has to answer: one at a time. */
  open: string | null;
  version: number;
};

export type Poison = 'refused' | 'never' | 'breaks';
/** `lost`: what it is about is not there. `closed`: nobody would read it any more. */
type No = { why: 'wrong' | 'lost' | 'closed'; at: number };

/** 201 tells the first time from a retry. */
const SAYS_WHEN_NEW = ['check_in', 'contact_request', 'contact_addition', 'pack_addition'];
/** Doing them again changes nothing, even where sync has forgotten that it did. */
const KNOWN_BY_ID = [...SAYS_WHEN_NEW, 'occurrence', 'plan_draft', 'flag_answer', 'contact_cancel'];
const REMEMBERED = 90 * 86_400_000;
/** So far a phone's clock may be ahead and still tell the order. */
const AHEAD = 10 * 60_000;

export class ModelServer {
  #kept: Kept = { done: new Map(), times: new Map(), remembered: new Map(), open: null, version: 0 };
  /** One of before anybody wrote anything is always there. */
  #copies = [structuredClone(this.#kept)];
  /** No two lives of a server hand out the same place. */
  #life = 0;
  /** Every id it ever took, and when first, restored or not: what a phone may call received. */
  readonly ever = new Map<string, number>();
  /** When last, in whichever life. */
  readonly latest = new Map<string, number>();
  /** What it ever said no to, and how last. */
  readonly refused = new Map<string, No>();
  readonly poison = new Map<string, Poison>();

  has = (id: string): boolean => this.#kept.done.has(id);
  /** Whether the request that this tap made, or joined, is open. */
  stands = (id: string): boolean => this.has(id) && this.#kept.open === this.#joined(id);
  #joined = (id: string): string => this.#kept.done.get(id)!.joined ?? id;

  backUp(): void {
    this.#copies.push(structuredClone(this.#kept));
  }

  restore(which: number): void {
    this.#kept = structuredClone(this.#copies[which % this.#copies.length]!);
    this.#life++;
  }

  /** `null`: it cannot even be carried. */
  sync(phone: string, request: SyncRequest, now: number): SyncAnswer | null {
    if (this.#breaks(request)) return null;
    const known = !request.last || this.#remembers(request.last, request.last_at);
    const operations = request.operations.map((one) => this.#take(phone, one, now));
    this.#remember(operations, now);
    const cursor = `${this.#life}/${this.#kept.version}`;
    const wants = (part: Part) => request.cursor !== cursor && (!request.want || request.want.includes(part));
    return {
      cursor,
      server_time: new Date(now).toISOString(),
      operations,
      changes: wants('check_ins') ? { check_ins: [...this.#kept.done.keys()] } : {},
      offer_again: !known,
      missing: (request.offered ?? []).filter((id) => !this.#kept.remembered.has(id) && this.#kept.done.get(id)?.kind !== 'contact_request'),
    };
  }

  /** It is killed after it has done the first of them, and before it remembers any. */
  dies(phone: string, request: SyncRequest, now: number): void {
    if (this.#breaks(request)) return;
    const others = request.operations.findIndex(({ kind }) => !KNOWN_BY_ID.includes(kind));
    for (const one of request.operations.slice(0, others < 0 ? undefined : others)) this.#take(phone, one, now);
  }

  /** The route of the contact key: the status of its answer. Sync remembers nothing of it. */
  byKey(phone: string, operation: Operation, now: number): 201 | 409 | 500 {
    if (this.poison.get(operation.id) === 'breaks') return 500;
    const { outcome } = this.#take(phone, operation, now);
    return outcome === 'try_later' ? 500 : outcome === 'refused' ? 409 : 201;
  }

  #breaks = ({ operations }: SyncRequest): boolean => operations.some(({ id }) => this.poison.get(id) === 'breaks');

  /** It may have taken the same thing in another life: then at another moment. */
  #remembers(id: string, at: string | undefined): boolean {
    const taken = this.#kept.remembered.get(id);
    return taken !== undefined && (!at || Date.parse(at) === taken);
  }

  #remember(operations: Outcome[], now: number): void {
    const { remembered } = this.#kept;
    for (const { id, outcome } of operations) if ((outcome === 'done' || outcome === 'already_done') && !remembered.has(id)) remembered.set(id, now);
    for (const [id, at] of remembered) if (at < now - REMEMBERED) remembered.delete(id);
  }

  #take(phone: string, { id, kind, body }: Operation, now: number): Outcome {
    const said = (outcome: Outcome['outcome']): Outcome => ({ id, outcome, problem: null, answer: null });
    const no = (why: No['why']): Outcome => {
      this.refused.set(id, { why, at: now });
      return { ...said('refused'), problem: { type: '', title: '', status: 422, code: 'invalid', detail: why } };
    };
    const { done, remembered, times } = this.#kept;
    const before = done.get(id);
    if (before && before.body !== JSON.stringify(body)) throw new Error(`${id} came with another body`);
    if (before) return said(remembered.has(id) || SAYS_WHEN_NEW.includes(kind) ? 'already_done' : 'done');
    if (this.poison.get(id) === 'never') return said('try_later');
    if (this.poison.get(id) === 'refused') return no('wrong');
    if (needs(body).some((one) => !done.has(one))) return no('lost');
    const about = body.contact_request_id as string | undefined;
    if (kind === 'contact_addition' && !this.stands(about!)) return no('closed');

    const tap = body.tap ?? body.message;
    times.set(tap, (times.get(tap) ?? 0) + 1);
    if (times.get(tap)! > 1) throw new Error(`${id} is what ${String(tap)} has done before`);
    const { open } = this.#kept;
    done.set(id, { kind, body: JSON.stringify(body), phone, joined: kind === 'contact_request' ? open : null });
    if (kind === 'contact_request') this.#kept.open ??= id;
    if (kind === 'contact_cancel' && this.stands(about!) && !this.#askedAgain(phone, id, about!, now)) this.#kept.open = null;
    this.ever.set(id, this.ever.get(id) ?? now);
    this.latest.set(id, now);
    this.#kept.version++;
    return said('done');
  }

  /** A cancel that comes late ends nothing where the same phone has asked again since: its ids tell their order, but what it names came before it, and so did those of a clock that was ahead, if it has been put right since. */
  #askedAgain(phone: string, cancel: string, named: string, now: number): boolean {
    const soon = uuidv7(now + AHEAD).slice(0, 13);
    const isRight = (id: string) => id.slice(0, 13) <= soon;
    return [...this.#kept.done].some(([id, one]) => one.kind === 'contact_request' && one.phone === phone && id > cancel && id !== named && (isRight(id) || !isRight(cancel)) && this.stands(id));
  }
}

/** What it must have before it can do this. */
export function needs({ contact_request_id, version, addition_id, based_on, replaces, ids }: Record<string, unknown>): string[] {
  return [contact_request_id, version, addition_id, based_on, replaces, ...((ids as string[] | undefined) ?? [])].filter((id): id is string => Boolean(id));
}
