import { wearName } from '../discreet/wear';
import { db, type Preferences } from './db';

/** How this phone is set. Choices of the phone, not of the record: they stay when someone signs out. */
export const preferences = $state<Preferences>({ language: null, one_a_screen: false, text_size: null, easy_read: null, easy: null, read_aloud: null, discreet: false, exit: 'weather' });

export async function loadPreferences(): Promise<void> {
  const stored = (await (await db()).get('kept', 'preferences')) as Partial<Preferences> | undefined;
  Object.assign(preferences, stored ? asChosen(stored) : {});
  wearName(preferences);
}

export async function prefer(choice: Partial<Preferences>): Promise<void> {
  Object.assign(preferences, choice);
  wearName(preferences);
  await (await db()).put('kept', $state.snapshot(preferences), 'preferences');
}

/** An older app stored what nobody had chosen as if they had; what it began with is taken as no choice. */
function asChosen(stored: Partial<Preferences>): Partial<Preferences> {
  if ('easy' in stored) return stored;
  return { ...stored, text_size: stored.text_size === 'usual' ? null : stored.text_size, easy_read: stored.easy_read || null };
}
