import type { Uuid } from '../../shared/wire';
import { db, remember } from '../store/db';
import { session } from '../store/session.svelte';

/** What was suggested after which check-in, newest last: on this phone only. */
export type Past = { check_in: Uuid; resource_id: Uuid }[];

const NAME = 'suggested';
const MOST = 6;

export async function readSuggested(): Promise<Past> {
  const own = session.current;
  return own ? (((await (await db()).get('cache', [own.client_id, NAME]))?.data as Past | undefined) ?? []) : [];
}

export async function rememberSuggested(check_in: Uuid, resource_id: Uuid): Promise<void> {
  const own = session.current;
  const past = await readSuggested();
  if (!own || past.some((one) => one.check_in === check_in && one.resource_id === resource_id)) return;
  const data = [...past.filter((one) => one.check_in !== check_in), { check_in, resource_id }].slice(-MOST);
  await remember(await db(), { client_id: own.client_id, name: NAME, data, etag: null, at: new Date().toISOString() });
}
