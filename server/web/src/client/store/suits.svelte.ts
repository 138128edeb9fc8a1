import type { Need } from '../../shared/wire-needs';
import type { Language } from '../../shared/wire';
import { me } from './about';
import type { Looks, TextSize } from './db';
import { preferences } from './preferences.svelte';
import { languages } from './provider.svelte';
import { session } from './session.svelte';

// What suits this person: what they chose on this phone; where they have not, what their record says (me/Needs.svelte).
// A locked app cannot read the record: there it is as it was when it was last open.

export const needs = (need: Need): boolean => me.data?.communication?.needs.includes(need) ?? false;

const looks = (): Looks | null => (session.locked && preferences.at_lock) || null;

export const easyRead = (): boolean => preferences.easy ?? looks()?.easy ?? needs('easy_read');
/** A button on every page that reads it out. Whoever reads Easy Read has it too. */
export const readAloud = (): boolean => preferences.read_aloud ?? looks()?.read_aloud ?? (easyRead() || needs('read_aloud'));
export const textSize = (): TextSize => preferences.text_size ?? looks()?.text_size ?? (easyRead() || needs('large_text') ? 'larger' : 'usual');
/** What is written comes before a call: for whoever must not be rung. */
export const textFirst = (): boolean => looks()?.text_first ?? (needs('text_not_call') || (needs('bsl') && !needs('relay_call')));
/** Their team is rung by Relay UK. */
export const byRelay = (): boolean => looks()?.relay ?? needs('relay_call');

/** Only what is offered here: Welsh is not, until somebody has read it (provider.languages). */
export function language(): Language {
  const wanted = preferences.language ?? session.current?.language ?? session.language ?? 'en';
  return languages().includes(wanted) ? wanted : 'en';
}
