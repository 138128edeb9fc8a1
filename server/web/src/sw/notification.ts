import type { Language } from '../shared/wire';
import type { Receipt } from '../shared/wire-push';
import type { Understood } from './payload';
import { place, type AppName } from './places';
import type { Sent } from './receipts';
import { instead, list, wordsOf } from './words';

/** What a notification keeps with it until somebody touches it. `untold`: of the delivery whose answer has not reached the server yet. */
export type Carried = { id: string; token: string; url: string; untold?: string };

/** Some of what browsers understand is not in TypeScript's own list. */
type Options = NotificationOptions & { data: Carried; renotify?: boolean; actions?: { action: string; title: string }[] };
type Shown = { title: string; options: Options };

/** `titles`: the person's own words, where they want them shown and the phone knows which. `again`: the same one a second time. */
export type Known = { titles: string[]; language: Language; quiet?: boolean; again: boolean };

/** What to show. There is always something: a push that shows nothing is taken as spying by every browser, and rightly. */
export function notification(app: AppName, push: Understood | null, { titles, language, quiet = false, again }: Known): Shown {
  const words = wordsOf(language);
  const neutral = (app === 'client' && push && instead(push, language)) || push?.t.trim() || words.something;
  const own = titles.length > 0;
  const actions = buttons(app, push);
  // Without a tag there is nothing to replace, and browsers refuse `renotify`.
  const tag = push?.tag ?? '';
  return {
    title: own ? list(titles, language) : neutral,
    options: {
      ...(own && neutral !== titles[0] ? { body: neutral } : {}),
      ...(tag ? { tag, renotify: !again } : {}),
      icon: quiet ? '/icons/notes-192.png' : '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      lang: language,
      data: { id: push?.id ?? '', token: push?.r ?? '', url: place(app, push?.kind ?? null) },
      ...(actions.length > 0 ? { actions: actions.map((action) => ({ action, title: words[action] })) } : {}),
    },
  };
}

type Button = 'done' | 'snooze' | 'open' | 'acknowledge';

/** For one thing only: a button says nothing of which of several is meant. */
function buttons(app: AppName, push: Understood | null): Button[] {
  if (!push?.id || push.n !== 1) return [];
  // Flags of the morning come together, and are nobody's to take at once: only the server knows which ring is for one of them.
  if (app === 'team') return push.a ? ['acknowledge'] : [];
  // They would say what it is, and who wants as little as possible on the screen does not want that.
  return push.kind === 'reminder' && push.d !== 'hidden' ? ['done', 'snooze', 'open'] : [];
}

/** What stands on the screen after "I've got this": whether the server knows, and what came of it. Who was woken must not have to guess. */
export function acknowledged(id: string, { outcome, answers }: Sent, tag: string, language: Language): Shown {
  const words = wordsOf(language);
  const untold = outcome === 'later';
  const key = untold ? 'untold' : outcome === 'refused' ? 'refused' : (answers[id] ?? 'told');
  return {
    title: words[key],
    options: {
      body: words[`${key}_more`],
      ...(tag ? { tag, renotify: untold } : {}),
      silent: !untold,
      icon: '/icons/icon-192.png',
      badge: '/icons/badge-96.png',
      lang: language,
      data: { id: '', token: '', url: place('team', 'contact_request'), ...(untold ? { untold: id } : {}) },
    },
  };
}

/** What a touch says to the server: a button answers, and anything else only says that it was seen. */
export function receipts({ id, token }: Pick<Carried, 'id' | 'token'>, touched: string, now: number): Receipt[] {
  if (!id || !token) return [];
  const at = new Date(now).toISOString();
  const seen: Receipt = { id, token, what: 'seen', at };
  return touched === 'done' || touched === 'snooze' || touched === 'acknowledge' ? [seen, { id, token, what: touched, at }] : [seen];
}
