import { uuidv7 } from '../../shared/uuid';
import type { Instant, Uuid } from '../../shared/wire';
import type { Act, Occurrence } from '../../shared/wire-reminders';
import { reminders } from '../store/about';
import { db } from '../store/db';
import { keepNewest } from '../store/outbox';
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

/** What the server says to an answer. */
export async function acceptAct(clientId: Uuid, answered: Occurrence): Promise<void> {
  const known = reminders.data;
  if (!known) return;
  await reminders.set(clientId, { ...known, occurrences: known.occurrences.map((one) => (one.id === answered.id ? answered : one)) });
}
