import type { How } from '../../shared/wire';
import { needs } from '../store/suits.svelte';

/** What stands first on the sheet: a text for whoever must not be rung. They can still ask for a call. */
export const usualHow = (): How => (needs('text_not_call') || needs('bsl') ? 'text' : 'call');
