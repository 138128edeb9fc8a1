import { api } from '../session.svelte';
import type { Page } from '../../shared/wire-team';

/** A whole list, page after page. For lists a worker reads to the end: their own clients, their colleagues. */
export async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const mark: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${mark}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}
