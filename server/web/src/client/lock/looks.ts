import { me } from '../store/about';
import type { Looks } from '../store/db';
import { prefer, preferences } from '../store/preferences.svelte';
import { session } from '../store/session.svelte';
import { byRelay, easyRead, readAloud, textFirst, textSize } from '../store/suits.svelte';

/**
 * With a lock on, how the app suits its person lies where a locked app can read it. As long as their record cannot be read (yet), what was kept
 * counts. A phone that takes nothing more is no reason not to lock.
 */
export async function keepLooks(locks: boolean): Promise<void> {
  const keeps = locks && session.current;
  if (session.locked || (keeps && !me.data)) return;
  const looks: Looks | null = keeps ? { easy: easyRead(), text_size: textSize(), read_aloud: readAloud(), text_first: textFirst(), relay: byRelay() } : null;
  if (JSON.stringify(looks) !== JSON.stringify(preferences.at_lock ?? null)) await prefer({ at_lock: looks }).catch(() => undefined);
}
