import { dictionary } from '../../shared/i18n.svelte';

/**
 * What is said to somebody in a crisis: the lines to ring, 999, that they are not alone with it. In English only, on purpose, also where
 * the app speaks Welsh: nobody who speaks it has read these in Welsh yet, and here a wrong word may cost a life. Views show them by
 * help/Crisis.svelte, which marks them as English for whatever voice reads the page.
 */
export const en = {
  'join.crisis': 'If you need to talk to someone now',
  'check_in.worst': 'That sounds very hard. You do not have to be alone with it. You can talk to someone now.',
  'check_in.more_help': 'More numbers to ring or text',
  'contact.not_emergency': 'If a life is at risk, ring 999.',
  'help.call': 'Ring {number}',
  'help.text': 'Text {word} to {number}',
  'help.text_plain': 'Text {number}',
};

export type CrisisKey = keyof typeof en;
export const crisis = dictionary('crisis', en);
