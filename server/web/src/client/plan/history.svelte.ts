import type { Uuid } from '../../shared/wire';
import type { PlanHistory, PlanVersion } from '../../shared/wire-plan';
import { Cached } from '../store/cached.svelte';
import { apiFor, session } from '../store/session.svelte';
import { plan } from './store.svelte';

/** Asked for when it is opened, and readable with no signal from then on. */
export const history = new Cached<PlanHistory>('plan_history', '/me/plan/history', false);

let whose: Uuid | null = null;

/** Whether the server could be asked. */
export async function openHistory(): Promise<boolean> {
  const id = session.current?.client_id;
  if (!id) return false;
  if (whose !== id) history.clear();
  whose = id;
  await history.load(id);
  return history.refresh(apiFor(id), id).then(() => true, () => false);
}

/** A version whose words this phone has. */
export const knownVersion = (id: Uuid): PlanVersion | null => [plan.data?.current, plan.data?.draft].find((version) => version?.id === id) ?? null;
