import type { Uuid } from '../../shared/wire';
import type { Plan, PlanBody, PlanVersion } from '../../shared/wire-plan';
import { Cached } from '../store/cached.svelte';
import type { EntryOf } from '../store/outbox';
import { pendingOf } from '../store/pending.svelte';

// The plan on this phone. Small, because it is part of the first load; the views come when they are opened.

export const plan = new Cached<Plan>('plan', '/me/plan');

export type PlanKind = 'plan_draft' | 'plan_agree';

/** The newest of what was shown to the team and has not been taken yet. */
export const waitingDraft = (): EntryOf<'plan_draft'> | null => pendingOf('plan_draft').reduce<EntryOf<'plan_draft'> | null>((newest, entry) => (newest && newest.created_at > entry.created_at ? newest : entry), null);
export const agreedHere = (version: Uuid): EntryOf<'plan_agree'> | null => pendingOf('plan_agree').find((entry) => entry.target === version) ?? null;

/** What there is to read of a plan: agreed if something is, else as it is being written. */
export const planToRead = (): PlanBody | null => plan.data?.current?.body ?? waitingDraft()?.body.body ?? plan.data?.draft?.body ?? null;

/** Somebody of the team wrote or agreed something, and the client has not said anything to it on this phone or elsewhere. */
export function draftForMe(): PlanVersion | null {
  const draft = plan.data?.draft ?? null;
  if (!draft || draft.client_agreed || waitingDraft()) return null;
  const asks = draft.by.who === 'worker' || draft.worker_agreed !== null || draft.merged;
  const yes = agreedHere(draft.id);
  return asks && (!yes || yes.state === 'refused') ? draft : null;
}

/** What the server just said about a version: the draft as it is now, or the plan that both agreed. */
export async function acceptVersion(clientId: Uuid, version: PlanVersion): Promise<void> {
  const current = plan.data?.current ?? null;
  await plan.set(clientId, version.current ? { current: version, draft: null } : { current, draft: version });
}
