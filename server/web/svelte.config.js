import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Runes everywhere; a fault of accessibility stops the check. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
