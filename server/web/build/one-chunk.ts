import type { Rollup } from 'vite';
import { resolve } from 'node:path';

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

/**
 * What an app loads at once stands in one file, the entry and all: text that is packed together packs smaller, by more than a kilobyte, than the many
 * files that the lazy views would otherwise cut it into, and each of them would have to be asked for.
 */
export function oneChunk(name: string, entry: string): NonNullable<Rollup.OutputOptions['codeSplitting']> {
  let atOnce: Set<string> | null = null;
  return { includeDependenciesRecursively: false, groups: [{ name: (id, modules) => ((atOnce ??= reached(resolve(entry), modules)).has(id) ? name : null) }] };
}

function reached(entry: string, modules: Modules): Set<string> {
  const found = new Set<string>();
  const follow = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    for (const next of modules.getModuleInfo(id)?.importedIds ?? []) follow(next);
  };
  follow(entry);
  return found;
}
