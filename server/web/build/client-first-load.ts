import { build, type Plugin, type Rollup } from 'vite';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

type Budget = { js: number; css: number };

/**
 * Knows which files the client's app is made of. Writes the service worker with exactly those (never the team's), and
 * stops the build when the first load has grown too large for an old phone on a poor line.
 */
export function clientFirstLoad(budget: Budget): Plugin {
  return {
    name: 'client-first-load',
    apply: 'build',
    enforce: 'post',
    async writeBundle(options, bundle) {
      const out = options.dir ?? 'dist';
      const { first, all } = clientFiles(bundle);

      const size = (kind: string) =>
        [...first].filter((file) => file.endsWith(kind)).reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file)), { level: 9 }).length, 0);
      const [js, css] = [size('.js'), size('.css')];
      this.info(`client's first load, gzip: JS ${js} of ${budget.js} bytes, CSS ${css} of ${budget.css} bytes`);
      if (js > budget.js || css > budget.css) this.error("The client's first load is larger than its budget.");

      const files = [...new Set(['index.html', ...all, ...publicFiles(out)])].sort();
      const precache = files.map((url) => [url, createHash('sha256').update(readFileSync(join(out, url))).digest('hex').slice(0, 12)]);
      const workers = [await serviceWorker('src/sw.ts', join(out, 'sw.js'), precache), await serviceWorker('src/sw-team.ts', join(out, 'team/sw.js'), [])];
      // Not in use, until a server is told to answer with it (src/sw-replace.ts).
      await serviceWorker('src/sw-replace.ts', join(out, 'sw-replace.js'), []);
      this.info(`service workers, gzip: ${workers.join(' and ')} bytes`);
    },
  };
}

/** One classic script from a few modules. It stands beside the page it serves, so that its scope is that page's folder. */
async function serviceWorker(entry: string, file: string, precache: string[][]): Promise<number> {
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'self.__PRECACHE': JSON.stringify(precache) },
    build: { write: false, target: 'es2022', modulePreload: false, rolldownOptions: { input: entry, output: { format: 'iife' } } },
  })) as Rollup.RolldownOutput;
  const [script, ...more] = built.output;
  if (more.length > 0) throw new Error(`${entry} is more than one file: ${more.map((one) => one.fileName).join(', ')}`);
  writeFileSync(file, script.code);
  return gzipSync(script.code, { level: 9 }).length;
}

/** Follows the client's entry: what it loads at once (`first`), and with what it may load later (`all`). */
function clientFiles(bundle: Rollup.OutputBundle) {
  const first = new Set<string>();
  const all = new Set<string>();
  const follow = (file: string, atOnce: boolean) => {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk' || (atOnce ? first : all).has(file)) return;
    const own = [file, ...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])];
    for (const name of own) {
      all.add(name);
      if (atOnce) first.add(name);
    }
    for (const name of chunk.imports) follow(name, atOnce);
    for (const name of chunk.dynamicImports) follow(name, false);
  };
  const entry = Object.values(bundle).find((part) => part.type === 'chunk' && part.name === 'client');
  if (!entry) throw new Error('The build has no part called "client".');
  follow(entry.fileName, true);
  return { first, all };
}

/** Icons and the manifest, which are copied and not bundled. */
function publicFiles(out: string) {
  if (!existsSync('public')) return [];
  return readdirSync('public', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative('public', join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => existsSync(join(out, file)));
}
