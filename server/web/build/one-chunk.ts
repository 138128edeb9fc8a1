import type { Rollup } from 'vite';
import { resolve } from 'node:path';

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

/**
 * What the client's app loads at once stands in one file (beside the one that both apps share): text that is packed together packs smaller, by more
 * than a kilobyte, than the many files that the lazy views would otherwise cut it into.
 */
export function oneChunk(client: string, team: string): NonNullable<Rollup.OutputOptions['codeSplitting']> {
  let atOnce: Set<string> | null = null;
  return {
    includeDependenciesRecursively: false,
    groups: [
      {
        name(id, modules) {
          atOnce ??= without(reached(resolve(client), modules), reached(resolve(team), modules));
          // The entry itself stays an entry.
          return atOnce.has(id) && id !== resolve(client) ? 'client-first' : null;
        },
      },
    ],
  };
}

const without = (all: Set<string>, some: Set<string>) => new Set([...all].filter((one) => !some.has(one)));

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
