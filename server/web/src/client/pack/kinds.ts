import type { IconName } from '../../shared/icons/shapes';
import type { AdditionKind } from '../../shared/wire-my-pack';

export const ICONS: Record<AdditionKind, IconName> = { note: 'note', photo: 'photo', link: 'link', exercise: 'edit' };

/** A link the person pasted, as one that can be opened; `null` when it is none. Nothing but the web is opened. */
export function webAddress(typed: string): URL | null {
  const text = typed.trim();
  if (!text || /[\s\\]/.test(text)) return null;
  try {
    // What apps call "share" often comes without its beginning.
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+:\d/.test(text) ? text : `https://${text}`);
    const web = url.protocol === 'https:' || url.protocol === 'http:';
    return web && url.hostname.includes('.') && !url.username && !url.password && url.href.length <= 500 ? url : null;
  } catch {
    return null;
  }
}

/** "open.spotify.com": where a link leads, said before it is followed. */
export const siteOf = (url: URL): string => url.hostname.replace(/^www\./, '');
