// What a worker can do about a contact request. Each answers with the request as it then stands.
import type { How, Instant, Uuid } from '../../shared/wire';
import type { CallBody, WholeRequest } from '../../shared/wire-night';
import type { TeamRequest } from '../../shared/wire-team';
import { api } from '../session.svelte';

const path = (id: Uuid, verb: string) => `/team/contact-requests/${id}/${verb}`;

/** "I've got this", with or without a promise. Again later is a new promise. */
export const takeRequest = (id: Uuid, promise?: { what: How; by: Instant }) =>
  api.post<TeamRequest>(path(id, 'acknowledge'), promise ? { promise } : {});

export const logAttempt = (id: Uuid, attempt: { how: How; reached: boolean; words?: string }) => api.post<TeamRequest>(path(id, 'attempt'), attempt);

export const handOver = (id: Uuid, to: Uuid, words?: string) => api.post<TeamRequest>(path(id, 'hand-over'), { to, ...(words ? { words } : {}) });

export const complete = (id: Uuid, words?: string) => api.post<TeamRequest>(path(id, 'complete'), words ? { words } : {});

/** One request with what their plan says, in the inbox or not. */
export const oneRequest = (id: Uuid) => api.get<WholeRequest>(`/team/contact-requests/${id}`);

/** A call that came in. */
export const logCall = (client: Uuid, call: CallBody) => api.post<TeamRequest>(`/team/clients/${client}/calls`, call);
