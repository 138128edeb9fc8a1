import type { Uuid } from '../../shared/wire';
import { sharing } from '../store/about';
import { db } from '../store/db';
import { get, remember } from '../store/rows';
import { session } from '../store/session.svelte';
import { countSearch } from './acts';
import type { Answer, Index } from './search';
import { words } from './sounds';
import { pack } from './store.svelte';
import { topicNames } from './topics';
import { mine } from './view.svelte';

/** What is being looked for; it stays while one looks at what was found and comes back. */
export const searching = $state({ query: '', owner: null as Uuid | null });

let built: { from: unknown; index: Index } | null = null;

/** The search and its index come when somebody begins to type, and again when the texts have changed. */
export async function find(query: string): Promise<Answer> {
  await pack.open();
  const texts = pack.texts!;
  if (built?.from !== texts) {
    const { Index } = await import('./search');
    const pieces = mine()
      .resources.filter((resource) => !resource.retired)
      .map((resource) => {
        const own = Object.values(resource.editions).flatMap((hash) => texts.get(hash) ?? []);
        return { id: resource.id, texts: own, topics: [...new Set(own.flatMap((text) => text.topics))].flatMap(topicNames) };
      });
    built = { from: texts, index: new Index(pieces) };
  }
  return built.index.find(query);
}

/** Something to tell the provider: more than a letter or two that slipped. */
export const isTelling = (query: string): boolean => words(query).join('').length >= 3;

/** A search that found nothing is counted once for the same words, and only if the person lets it. Answers whether it is. */
export async function countMissing(query: string): Promise<boolean> {
  const own = session.current;
  if (!own || !sharing.data?.pack_counted || !isTelling(query)) return false;
  const asked = words(query).join(' ').slice(0, 100);
  const store = await db();
  const row = await get(store, 'cache', [own.client_id, 'searched']);
  const before = (row?.data as string[] | undefined) ?? [];
  if (!before.includes(asked)) {
    await remember(store, { client_id: own.client_id, name: 'searched', data: [...before, asked].slice(-100), etag: null, at: new Date().toISOString() });
    await countSearch(asked);
  }
  return true;
}
