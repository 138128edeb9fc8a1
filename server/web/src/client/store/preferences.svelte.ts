import { wearName } from '../discreet/wear';
import { db, whole, type Preferences } from './db';
import { tellTabs } from './tabs';

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
  const tx = (await db()).transaction('kept', 'readwrite');
  await whole(tx, async () => {
    // From what is stored: what was chosen in another tab stays so, discreet mode above all.
    const stored = (await tx.store.get('preferences')) as Partial<Preferences> | undefined;
    await tx.store.put({ ...$state.snapshot(preferences), ...(stored ? asChosen(stored) : {}), ...choice }, 'preferences');
  });
  tellTabs();
}

/** An older app stored what nobody had chosen as if they had; what it began with is taken as no choice. */
function asChosen(stored: Partial<Preferences>): Partial<Preferences> {
  if ('easy' in stored) return stored;
  return { ...stored, text_size: stored.text_size === 'usual' ? null : stored.text_size, easy_read: stored.easy_read || null };
}
