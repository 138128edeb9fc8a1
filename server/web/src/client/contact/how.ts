import type { How } from '../../shared/wire';
import { textFirst } from '../store/suits.svelte';

/** What stands first on the sheet: a text for whoever must not be rung. They can still ask for a call. */
export const usualHow = (): How => (textFirst() ? 'text' : 'call');
