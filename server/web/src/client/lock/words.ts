import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/lock.en';

/** The words of the lock, of leaving and of discreet mode; they come with those views, not with the first load. */
export const l = dictionary('lock', en);
