import type { Need } from '../../shared/wire-needs';
import type { Language } from '../../shared/wire';
import { me } from './about';
import type { TextSize } from './db';
import { preferences } from './preferences.svelte';
import { languages } from './provider.svelte';
import { session } from './session.svelte';

// What suits this person: what they chose on this phone; where they have not, what their record says (me/Needs.svelte).

export const needs = (need: Need): boolean => me.data?.communication?.needs.includes(need) ?? false;

export const easyRead = (): boolean => preferences.easy ?? needs('easy_read');
/** A button on every page that reads it out. Whoever reads Easy Read has it too. */
export const readAloud = (): boolean => preferences.read_aloud ?? (easyRead() || needs('read_aloud'));
export const textSize = (): TextSize => preferences.text_size ?? (easyRead() || needs('large_text') ? 'larger' : 'usual');

/** Only what is offered here: Welsh is not, until somebody has read it (provider.languages). */
export function language(): Language {
  const wanted = preferences.language ?? session.current?.language ?? 'en';
  return languages().includes(wanted) ? wanted : 'en';
}
