// The team's words. The team's app is in English for now; a Welsh dictionary slots in beside it, by the same keys.
import { dictionary, type Params } from '../shared/i18n.svelte';
import { en } from './en';

export type Key = keyof typeof en;

export const t = dictionary('team', en);

/**
 * The word for a value of the wire: `word('role', 'team_lead')`. A server newer than this page may send one that is not known here;
 * it is shown as the server wrote it, never left blank and never a crash.
 */
export function word(stem: string, value: string, params: Params = {}): string {
  const key = `${stem}.${value}`;
  return key in en ? t(key as Key, params) : value.replaceAll('_', ' ');
}

/** What happened, in words. A timeline says `contact_seen` and `flag_note` where one thing's own history says `seen` and `note`. */
export function happened(what: string): string {
  const own = what.replace(/^(contact|flag)_/, '');
  return `what.${what}` in en ? word('what', what) : word('what', own);
}
