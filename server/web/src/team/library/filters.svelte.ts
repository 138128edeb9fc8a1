// What somebody last looked for: still so when they come back from a piece. Forgotten with the page.
import type { Wanted } from './listing';

export const NOTHING: Wanted = { text: '', topic: '', state: 'all' };
export const wanted = $state<Wanted>({ ...NOTHING });
