import type { Preferences } from '../store/db';
import { appName } from './name';

// What a browser takes for an installed app is what these links say at that moment; an icon that is there already does not change.

const LINKS = { manifest: ['/manifest.webmanifest', '/notes.webmanifest'], icon: ['/icons/icon.svg', '/icons/notes.svg'], 'apple-touch-icon': ['/icons/icon-192.png', '/icons/notes-192.png'] } as const;

export function wearName(preferences: Preferences): void {
  for (const [rel, [usual, neutral]] of Object.entries(LINKS)) {
    const link = document.querySelector(`link[rel="${rel}"]`);
    const worn = preferences.discreet ? neutral : usual;
    // Set again to what it is, the browser would fetch it again.
    if (link?.getAttribute('href') !== worn) link?.setAttribute('href', worn);
  }
  if (preferences.discreet) document.title = appName(preferences);
}
