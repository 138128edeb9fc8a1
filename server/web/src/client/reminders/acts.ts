import type { Api } from '../../shared/api';
import { uuidv7 } from '../../shared/uuid';
import type { Instant } from '../../shared/wire';
import type { Act, Occurrence } from '../../shared/wire-reminders';
import { reminders } from '../store/about';
import { db } from '../store/db';
import { keepNewest, type EntryOf } from '../store/outbox';
import { session } from '../store/session.svelte';
import { nudge } from '../store/sync.svelte';

/** On this phone's disk, then on its way. Of answers to one occurrence only the newest is worth sending. */
export async function act(one: Occurrence, what: Act, more: { until?: Instant; reason?: string } = {}): Promise<void> {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  const now = new Date();
  const id = uuidv7(now.getTime());
  const reason = more.reason?.trim();
  await keepNewest(await db(), {
    id, client_id: own.client_id, kind: 'occurrence', target: one.id, created_at: now.toISOString(), state: 'waiting', reason: null,
    body: {
      act: what, id, reminder_id: one.reminder_id, date: one.date, time: one.time, at: now.toISOString(),
      ...(more.until ? { until: more.until } : {}),
      ...(reason ? { reason } : {}),
    },
  });
  await nudge();
}

/** Sends an answer, and keeps what the server says to it. */
export async function sendAct(api: Api, { client_id, target, body }: EntryOf<'occurrence'>): Promise<void> {
  const { act: what, ...rest } = body;
  const answered = await api.post<Occurrence>(`/me/occurrences/${target}/${what}`, rest);
  const known = reminders.data;
  if (!known) return;
  await reminders.set(client_id, { ...known, occurrences: known.occurrences.map((one) => (one.id === answered.id ? answered : one)) });
}
