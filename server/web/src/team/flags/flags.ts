// What a worker can do about a flag. Each answers with the flag as it then stands.
import type { Uuid } from '../../shared/wire';
import type { FlagOutcome, TeamFlag } from '../../shared/wire-team';
import { api } from '../session.svelte';

const path = (id: Uuid, verb: string) => `/team/flags/${id}/${verb}`;

export const takeFlag = (id: Uuid) => api.post<TeamFlag>(path(id, 'acknowledge'));
export const addNote = (id: Uuid, words: string) => api.post<TeamFlag>(path(id, 'note'), { words });
export const resolve = (id: Uuid, outcome: FlagOutcome, words?: string) => api.post<TeamFlag>(path(id, 'resolve'), { outcome, ...(words ? { words } : {}) });

/** One that is no longer in the inbox. The wire has no "get one", so it is looked for in the list. */
export async function findFlag(id: Uuid): Promise<TeamFlag | null> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: TeamFlag[]; next_cursor: string | null } = await api.get(`/team/flags?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const found = page.items.find((one) => one.id === id);
    if (found) return found;
    cursor = page.next_cursor;
  }
  return null;
}
