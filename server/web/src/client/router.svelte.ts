import { preferences } from './store/preferences.svelte';

// A hash router small enough to read: `#/change/ID` is the page `change` with the argument `ID`.

const PAGES = [
  'today', 'join', 'check-in', 'thanks', 'my-check-ins', 'my-usual', 'change', 'contact', 'help', 'me', 'reach', 'lock', 'not-sent', 'sign-out',
  // Of Me: how the app talks to somebody, and how people should. `#/welcome/STEP` is a page of the first five minutes.
  'suits', 'needs', 'welcome',
  // The pack: `#/pack/SLUG` is one piece of it, `#/own/ID` something of one's own.
  'pack', 'topic', 'first-aid', 'add', 'own',
  // The plan: `#/plan/STAGE` is what helps at one step, `#/plan-change/PART` where one part of it is written.
  'plan', 'plan-all', 'plan-draft', 'plan-change', 'plan-history',
  // `#/reminder/ID` changes one, `#/reminder/new` makes one.
  'reminders', 'reminder', 'reminder-settings',
] as const;
export type Page = (typeof PAGES)[number];

export type Route = { page: Page; argument: string };

export function parse(hash: string): Route {
  const [page = '', argument = ''] = hash.replace(/^#?\/?/, '').split('/');
  return { page: PAGES.find((known) => known === page) ?? 'today', argument: safely(argument) };
}

const safely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

export const route = $state<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

export function startRouter(): void {
  window.addEventListener('hashchange', () => Object.assign(route, parse(location.hash)));
  document.addEventListener('click', (event) => {
    const to = (event.target as Element).closest?.('a[href^="#/"]')?.getAttribute('href');
    if (!to || !preferences.discreet || event.defaultPrevented) return;
    event.preventDefault();
    instead(to);
  });
}

export const href = (page: Page, argument = ''): string => (page === 'today' ? '#/' : `#/${page}${argument ? `/${encodeURIComponent(argument)}` : ''}`);

/** In discreet mode no page is left behind in the tab's history: whoever takes the phone finds one, and leaving takes its place. */
function instead(to: string): void {
  history.replaceState(null, '', to);
  Object.assign(route, parse(location.hash));
}

/** `replace`: the page left behind should not come back with the Back button, as after saving. */
export function go(page: Page, argument = '', replace = false): void {
  if (replace || preferences.discreet) instead(href(page, argument));
  else location.hash = href(page, argument);
}
