import { untrack } from 'svelte';
import { doubledIn } from '../../shared/plan/beside';
import { mustLook, sameRules, tidy, wholeBody } from '../../shared/plan/body';
import { changesBetween } from '../../shared/plan/diff';
import { uuidv7 } from '../../shared/uuid';
import { dayOf } from '../../shared/time';
import type { Day, Uuid } from '../../shared/wire';
import type { PlanBody, PlanChange, PlanReplay, Rule } from '../../shared/wire-plan';
import { db } from '../store/db';
import { get, remember, remove, save } from '../store/rows';
import { time } from '../store/now.svelte';
import { keepNewest, type Entry } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';
import { apiFor, session, zone } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';
import { plan, waitingDraft } from './store.svelte';
import { q } from './words';

// What the client is writing: on this phone alone, kept after every change, until they show it to their team.

/** Of which rules, on which day, the replay was looked at, and what it answered. */
type Looked = { rules: Rule[]; day: Day; seen: string };
export type Writing = {
  based_on: Uuid | null;
  /** As it was when the writing began. */
  begun: PlanBody;
  body: PlanBody;
  looked: Looked | null;
};

const ROW = 'plan_writing';
/** `now` is null while nothing is being written. `failed`: this phone could not keep the last change. */
export const writing = $state<{ owner: Uuid | null; ready: boolean; now: Writing | null; failed: boolean }>({ owner: null, ready: false, now: null, failed: false });

// In front of the lock, or signed out, this page knows nothing of it.
$effect.root(() => {
  $effect(() => {
    if (!session.current) Object.assign(writing, { owner: null, ready: false, now: null, failed: false });
  });
});

/** Reads it from the phone. Called by every page of the plan, while it is made. */
export const openWriting = (): Promise<void> => untrack(open);

async function open(): Promise<void> {
  const owner = session.current?.client_id ?? null;
  if (!writing.ready || writing.owner !== owner) {
    // At once: what another person wrote on this phone is not even there for a moment.
    Object.assign(writing, { owner, ready: false, now: null, failed: false });
    const row = owner ? await get(await db(), 'cache', [owner, ROW]) : undefined;
    if (writing.owner !== owner || writing.ready) return;
    Object.assign(writing, { ready: true, now: (row?.data as Writing | undefined) ?? null });
  }
  // A line that was begun and left empty is no writing: what is newest is gone on from the next time.
  if (writing.now && !isWriting()) await dropWriting();
}

/** After every change. The words stay on the screen if the phone is full, and the page says so. */
export async function keepWriting(): Promise<void> {
  const { owner } = writing;
  const data = $state.snapshot(writing.now);
  if (!owner) return;
  try {
    if (data) await remember(await db(), { client_id: owner, name: ROW, data, etag: null, at: new Date().toISOString() });
    else await remove(await db(), 'cache', [owner, ROW]);
    writing.failed = false;
  } catch {
    writing.failed = true;
  }
}

/** What a new writing goes on from: what this phone has shown last, or the newest that the server knows. */
function head(): { id: Uuid | null; body: PlanBody } {
  const waiting = waitingDraft();
  if (waiting && waiting.state !== 'refused') return { id: waiting.id, body: waiting.body.body };
  // What was not taken is not there to go on from: its words are, on the version that it went on from itself.
  if (waiting) return { id: oldestRefused()?.body.based_on ?? null, body: waiting.body.body };
  const version = plan.data?.draft ?? plan.data?.current ?? null;
  return { id: version?.id ?? null, body: wholeBody(version?.body ?? {}) };
}
const oldestRefused = () => pendingOf('plan_draft').filter((entry) => entry.state === 'refused').sort((a, b) => a.created_at.localeCompare(b.created_at))[0];

/** The body to change; a writing begins here if none was begun. */
export function beginWriting(): Writing {
  if (!writing.now) {
    const { id, body } = head();
    const copy = structuredClone($state.snapshot(body)) as PlanBody;
    // Rules of a draft that was not taken must be looked at against what the server has.
    const known = [plan.data?.draft, plan.data?.current].find((version) => version?.id === id)?.body ?? copy;
    writing.now = { based_on: id, begun: { ...copy, rules: [...known.rules] }, body: structuredClone(copy), looked: null };
  }
  return writing.now;
}

/** The body now written, or as a writing would begin. */
export const written = (): PlanBody => writing.now?.body ?? head().body;

/** Changes the writing, and keeps it. */
export function change(how: (body: PlanBody) => void): void {
  how(beginWriting().body);
  void keepWriting();
}

export async function dropWriting(): Promise<void> {
  writing.now = null;
  await keepWriting();
}

/** Something is written here that nobody else has seen. */
export const isWriting = (): boolean => writing.now !== null && JSON.stringify(sent()) !== JSON.stringify(tidy($state.snapshot(writing.now.begun) as PlanBody, q('change.unnamed')));

const sent = (): PlanBody => tidy($state.snapshot(written()) as PlanBody, q('change.unnamed'));

/** What this writing changes, in the words of a history. */
export const changed = (): PlanChange[] => (writing.now ? changesBetween(writing.now.begun, sent()) : []);
export const doubled = (): number => doubledIn(written());
/** The team, or another phone, went on meanwhile. Both will be kept. */
export const overtaken = (): boolean => {
  const based = writing.now?.based_on;
  const now = plan.data?.draft?.id ?? plan.data?.current?.id ?? null;
  return writing.now !== null && !pendingOf('plan_draft').length && now !== null && based !== now;
};

const today = (): Day => dayOf(time.now, zone());
export const needsLook = (): boolean => {
  const now = writing.now;
  if (!now) return false;
  const { rules } = sent();
  if (!mustLook(rules, now.begun.rules)) return false;
  return !(now.looked && now.looked.day === today() && sameRules(now.looked.rules, rules));
};

/** What the rules would have told in the last twelve weeks. Needs the server. */
export async function lookAtRules(): Promise<PlanReplay> {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  const { rules } = sent();
  const replay = await apiFor(own.client_id).post<PlanReplay>('/me/plan/replay', { rules });
  beginWriting().looked = { rules, day: today(), seen: replay.seen };
  await keepWriting();
  return replay;
}

export type Shown = 'shown' | 'nothing' | 'look_first';

/** Hands it to the team: on disk, and out of the writing, in one transaction. Only then does a tick show. */
export async function showToTeam(): Promise<Shown> {
  const own = session.current;
  const now = writing.now;
  if (!own || !now) return 'nothing';
  const body = sent();
  if (!isWriting()) return 'nothing';
  if (needsLook()) return 'look_first';
  const id = uuidv7();
  const made: Entry = {
    id, client_id: own.client_id, kind: 'plan_draft', target: null, created_at: new Date().toISOString(), state: 'waiting', reason: null,
    body: { id, based_on: now.based_on, body, seen: mustLook(body.rules, now.begun.rules) ? (now.looked?.seen ?? null) : null },
  };
  await save(await db(), own.client_id, (turn) => {
    // This one goes in the place of what the server would not take.
    for (const entry of pendingOf('plan_draft')) if (entry.state === 'refused') turn.delete('outbox', entry.id);
    turn.put('outbox', made);
    turn.delete('cache', [own.client_id, ROW]);
  });
  writing.now = null;
  await nudge();
  return 'shown';
}

/** The client's yes to one version, made on this phone. */
export async function agree(version: Uuid): Promise<void> {
  const own = session.current;
  if (!own) return;
  const id = uuidv7();
  await keepNewest(await db(), {
    id, client_id: own.client_id, kind: 'plan_agree', target: version, body: { id }, created_at: new Date().toISOString(), state: 'waiting', reason: null,
  });
  await nudge();
}

/** The person has read why it was not taken. */
export async function letGo(id: Uuid): Promise<void> {
  await remove(await db(), 'outbox', id);
  await nudge();
}
