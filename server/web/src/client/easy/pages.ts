// Easy Read's own pages in one file: whoever wants one of them wants them all.
export { default as Above } from './Above.svelte';
export { default as Ask } from './Ask.svelte';
export { default as Me } from './Me.svelte';
export { default as Today } from './Today.svelte';
