/// <reference types="svelte" />
/// <reference types="vite/client" />

/** The app's name, given at build time; neutral by default. */
declare const __NAME__: string;
