import { onDestroy } from 'svelte';

/** Whether this view is still on the screen: asked after waiting for an answer, because somebody may have gone on meanwhile. */
export function stillHere(): () => boolean {
  let here = true;
  onDestroy(() => (here = false));
  return () => here;
}
