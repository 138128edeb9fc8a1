import type { Uuid } from '../../shared/wire';
import { db } from '../store/db';
import { change, get } from '../store/rows';
import { session } from '../store/session.svelte';

/** What was suggested after which check-in, newest last: on this phone only. */
export type Past = { check_in: Uuid; resource_id: Uuid }[];

const NAME = 'suggested';
const MOST = 6;

export async function readSuggested(): Promise<Past> {
  const own = session.current;
  return own ? (((await get(await db(), 'cache', [own.client_id, NAME]))?.data as Past | undefined) ?? []) : [];
}

export async function rememberSuggested(check_in: Uuid, resource_id: Uuid): Promise<void> {
  const id = session.current?.client_id;
  if (!id) return;
  await change(await db(), id, async (turn) => {
    const past = ((await turn.get('cache', [id, NAME]))?.data as Past | undefined) ?? [];
    if (past.some((one) => one.check_in === check_in && one.resource_id === resource_id)) return;
    const data = [...past.filter((one) => one.check_in !== check_in), { check_in, resource_id }].slice(-MOST);
    turn.put('cache', { client_id: id, name: NAME, data, etag: null, at: new Date().toISOString() });
  }, { joined: true });
}
