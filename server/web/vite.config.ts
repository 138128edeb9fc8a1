import { defineConfig, type ViteDevServer } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { resolve } from 'node:path';
import { clientFirstLoad } from './build/client-first-load.ts';
import { oneChunk } from './build/one-chunk.ts';

const out = process.env.OUT ?? 'dist';

// Two apps, built one after the other into one folder (package.json): a phone never loads the team's code, nor what of a library only the team's needs.
const TEAM = process.env.APP === 'team';
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), !TEAM && clientFirstLoad({ js: 60_000, css: 25_000 }), teamPagesInDevelopment()],
  publicDir: TEAM ? false : 'public',
  define: { __NAME__: JSON.stringify(process.env.COMPANION_NAME ?? 'Companion') },
  build: {
    target: 'es2022',
    outDir: out,
    emptyOutDir: !TEAM,
    // Of what is loaded later only the styles are named beforehand: a list of every script would be 2.6 kB of the first load, and the service
    // worker has them all on the phone by then. What the page needs at once it names itself, or its parts would come one after the other.
    modulePreload: { polyfill: false, resolveDependencies: (_file, needed, { hostType }) => needed.filter((file) => hostType === 'html' || file.endsWith('.css')) },
    // Small pictures stay files: everything is served by ourselves and named in the precache list.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: TEAM ? { team: resolve('team/index.html') } : { client: resolve('index.html') },
      output: TEAM ? {} : { codeSplitting: oneChunk('client', 'src/client/main.ts') },
    },
  },
  // Tests run Svelte as a browser would.
  resolve: mode === 'test' ? { conditions: ['browser'] } : undefined,
  server: {
    // The lines of mobile-shared are data for both apps and the server; tests read every text of the library, the standard questions, and what the server says.
    fs: { allow: [resolve('.'), resolve('../../mobile-shared/data'), resolve('../library'), resolve('../../mobile-shared/src'), resolve('../src')] },
    proxy: { '/api': process.env.COMPANION_API ?? 'http://127.0.0.1:8080' },
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: ['test/setup.ts'], testTimeout: 30_000, hookTimeout: 30_000, env: { TEST_HISTORIES: process.env.COMPANION_TEST_HISTORIES ?? '', TEST_SEED: process.env.COMPANION_TEST_SEED ?? '' } },
}));

/** In production the server answers every path under /team with the team's page; this does the same for `vite dev`. */
function teamPagesInDevelopment() {
  return {
    name: 'team-pages-in-development',
    configureServer(server: ViteDevServer) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/team(\/[^.]*)?$/.test(request.url ?? '')) request.url = '/team/index.html';
        next();
      });
    },
  };
}
