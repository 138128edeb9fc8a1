// The team's words. The team's app is in English for now; a Welsh dictionary slots in beside it, by the same keys.
import { dictionary, type Params } from '../shared/i18n.svelte';
import { en } from './en';

export type Key = keyof typeof en;

export const t = dictionary(en, {});

/** What happened, in words. A kind this app does not know yet is shown as the server wrote it, never left blank. */
export function happened(what: string, params: Params = {}): string {
  const key = `what.${what}`;
  return key in en ? t(key as Key, params) : what.replaceAll('_', ' ');
}
