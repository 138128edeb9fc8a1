import { speak } from '../../shared/i18n.svelte';
import { wearName } from '../discreet/wear';
import { welshIsComplete } from '../words';
import { db, type Preferences } from './db';
import { session } from './session.svelte';

/** How this phone is set. Choices of the phone, not of the record: they stay when someone signs out. */
export const preferences = $state<Preferences>({ language: null, one_a_screen: false, text_size: 'usual', easy_read: false, discreet: false, exit: 'weather' });

export async function loadPreferences(): Promise<void> {
  Object.assign(preferences, (await (await db()).get('kept', 'preferences')) ?? {});
  speakAsChosen();
  sizeAsChosen();
  wearName(preferences);
}

export async function prefer(choice: Partial<Preferences>): Promise<void> {
  Object.assign(preferences, choice);
  speakAsChosen();
  sizeAsChosen();
  wearName(preferences);
  await (await db()).put('kept', $state.snapshot(preferences), 'preferences');
}

export const speakAsChosen = (): void => speak(preferences.language ?? session.current?.language ?? 'en', welshIsComplete);

/** On the root, so that every page grows, with its spaces; shell/room.ts looks again whether a bar still has room. */
function sizeAsChosen(): void {
  document.documentElement.dataset.text = preferences.text_size;
  window.dispatchEvent(new Event('resize'));
}
