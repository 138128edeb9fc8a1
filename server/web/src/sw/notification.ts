import type { Language } from '../shared/wire';
import type { Receipt } from '../shared/wire-push';
import type { Understood } from './payload';
import { place, type AppName } from './places';
import { list, wordsOf } from './words';

/** What a notification keeps with it until somebody touches it. */
export type Carried = { id: string; token: string; url: string };

/** Some of what browsers understand is not in TypeScript's own list. */
type Options = NotificationOptions & { data: Carried; renotify?: boolean; actions?: { action: string; title: string }[] };

/** `titles`: the person's own words, where they want them shown and the phone knows which. `again`: the same one a second time. */
export type Known = { titles: string[]; language: Language; again: boolean };

/** What to show. There is always something: a push that shows nothing is taken as spying by every browser, and rightly. */
export function notification(app: AppName, push: Understood | null, { titles, language, again }: Known): { title: string; options: Options } {
  const words = wordsOf(language);
  const neutral = push?.t.trim() || words.something;
  const own = titles.length > 0;
  // Buttons would say what it is, and who wants as little as possible on the screen does not want that.
  const single = app === 'client' && push?.kind === 'reminder' && push.n === 1 && push.id !== '' && push.d !== 'hidden';
  // Without a tag there is nothing to replace, and browsers refuse `renotify`.
  const tag = push?.tag ?? '';
  return {
    title: own ? list(titles, language) : neutral,
    options: {
      ...(own && neutral !== titles[0] ? { body: neutral } : {}),
      ...(tag ? { tag, renotify: !again } : {}),
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      lang: language,
      data: { id: push?.id ?? '', token: push?.r ?? '', url: place(app, push?.kind ?? null) },
      ...(single ? { actions: (['done', 'snooze', 'open'] as const).map((action) => ({ action, title: words[action] })) } : {}),
    },
  };
}

/** What a touch says to the server: a button answers, and anything else only says that it was seen. */
export function receipts({ id, token }: Pick<Carried, 'id' | 'token'>, touched: string, now: number): Receipt[] {
  if (!id || !token) return [];
  const at = new Date(now).toISOString();
  const seen: Receipt = { id, token, what: 'seen', at };
  return touched === 'done' || touched === 'snooze' ? [seen, { id, token, what: touched, at }] : [seen];
}
