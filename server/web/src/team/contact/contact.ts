// What a worker can do about a contact request. Each answers with the request as it then stands.
import type { How, Instant, Uuid } from '../../shared/wire';
import type { TeamRequest } from '../../shared/wire-team';
import { api } from '../session.svelte';

const path = (id: Uuid, verb: string) => `/team/contact-requests/${id}/${verb}`;

/** "I've got this", with or without a promise. Again later is a new promise. */
export const takeRequest = (id: Uuid, promise?: { what: How; by: Instant }) =>
  api.post<TeamRequest>(path(id, 'acknowledge'), promise ? { promise } : {});

export const logAttempt = (id: Uuid, attempt: { how: How; reached: boolean; words?: string }) => api.post<TeamRequest>(path(id, 'attempt'), attempt);

export const handOver = (id: Uuid, to: Uuid, words?: string) => api.post<TeamRequest>(path(id, 'hand-over'), { to, ...(words ? { words } : {}) });

export const complete = (id: Uuid, words?: string) => api.post<TeamRequest>(path(id, 'complete'), words ? { words } : {});

/** One that is no longer in the inbox. The wire has no "get one", so it is looked for in the list. */
export async function findRequest(id: Uuid): Promise<TeamRequest | null> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: TeamRequest[]; next_cursor: string | null } = await api.get(`/team/contact-requests?state=all&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const found = page.items.find((one) => one.id === id);
    if (found) return found;
    cursor = page.next_cursor;
  }
  return null;
}
