import type { Looks } from '../store/db';
import { prefer, preferences } from '../store/preferences.svelte';
import { session } from '../store/session.svelte';
import { easyRead, readAloud, textFirst, textSize } from '../store/suits.svelte';

/** With a lock on, how the app suits its person lies where a locked app can read it. A phone that takes nothing more is no reason not to lock. */
export async function keepLooks(locks: boolean): Promise<void> {
  if (session.locked) return;
  const looks: Looks | null = locks && session.current ? { easy: easyRead(), text_size: textSize(), read_aloud: readAloud(), text_first: textFirst() } : null;
  if (JSON.stringify(looks) !== JSON.stringify(preferences.at_lock ?? null)) await prefer({ at_lock: looks }).catch(() => undefined);
}
