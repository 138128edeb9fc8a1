import { dictionary } from '../../shared/i18n.svelte';
import { cy } from '../words/reminders.cy';
import { en } from '../words/reminders.en';

/** The words of reminders and notifications; they come with their views, not with the first load. */
export const r = dictionary(en, cy);
export type ReminderKey = keyof typeof en;

export { appSpoken, spoken } from '../words';
