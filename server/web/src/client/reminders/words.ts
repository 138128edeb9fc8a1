import { dictionary } from '../../shared/i18n.svelte';
import { en } from '../words/reminders.en';

/** The words of reminders and notifications; they come with their views, not with the first load. */
export const r = dictionary('reminders', en);
export type ReminderKey = keyof typeof en;
