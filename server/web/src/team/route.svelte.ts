// Where we are, from the part of the address after #. It never leaves the browser, so no client's id stands in a proxy's log.

import type { Edition } from '../shared/wire-pack';

export type LibraryPlace =
  | { page: 'list' | 'new' | 'figures' }
  /** A piece by its name in links. */
  | { page: 'called'; slug: string }
  /** One piece; `number` is a version of the edition, without it what clients see now. */
  | { page: 'piece'; id: string; edition: Edition | null; number: number | null; editing: boolean };

export type Route =
  | { view: 'inbox'; kind: 'contact_request' | 'flag' | null; id: string | null }
  | { view: 'clients' }
  | { view: 'new_client' }
  /** `lately`: what is usual is wanted from the last weeks. `part`: which part of that page, '' for the first. */
  | { view: 'client'; id: string; page: ClientView; lately: boolean; part: string }
  | { view: 'figures' }
  | { view: 'notifications' }
  /** `id`: the one request that is open there. */
  | { view: 'night'; id: string | null }
  /** A call that came in; `id`: from which client. */
  | { view: 'call'; id: string | null }
  /** `service`: null for the first of one's own. */
  | { view: 'rota'; service: string | null; page: RotaView }
  | { view: 'board' }
  | { view: 'engine' }
  | { view: 'library'; place: LibraryPlace }
  | { view: 'admin'; page: AdminView };

export const CLIENT_VIEWS = ['home', 'edit', 'needs', 'invite', 'items', 'check-in', 'team', 'pack', 'usual', 'warnings', 'plan', 'reminders'] as const;
export type ClientView = (typeof CLIENT_VIEWS)[number];
export const ROTA_VIEWS = ['home', 'edit', 'policies', 'rehearsal'] as const;
export type RotaView = (typeof ROTA_VIEWS)[number];
export const EDITIONS = ['en', 'en-easy', 'cy', 'cy-easy'] as const satisfies readonly Edition[];
export const ADMIN_VIEWS = ['workers', 'services', 'organisation', 'crisis-lines', 'audit'] as const;
export type AdminView = (typeof ADMIN_VIEWS)[number];

export function parse(hash: string): Route {
  const [first = '', second = '', third = '', fourth = ''] = hash.replace(/^#?\/?/, '').split('/');
  if (first === 'clients' && second === 'new') return { view: 'new_client' };
  if (first === 'clients' && second) return { view: 'client', id: second, page: known(CLIENT_VIEWS, third) ?? 'home', lately: fourth === 'lately', part: fourth };
  if (first === 'clients') return { view: 'clients' };
  if (first === 'library') return { view: 'library', place: libraryPlace(hash.replace(/^#?\/?/, '').split('/').slice(1)) };
  if (first === 'figures') return { view: 'figures' };
  if (first === 'notifications') return { view: 'notifications' };
  if (first === 'night') return { view: 'night', id: second || null };
  if (first === 'call') return { view: 'call', id: second || null };
  if (first === 'rota') return { view: 'rota', service: second || null, page: known(ROTA_VIEWS, third) ?? 'home' };
  if (first === 'board') return { view: 'board' };
  if (first === 'engine') return { view: 'engine' };
  if (first === 'admin') return { view: 'admin', page: known(ADMIN_VIEWS, second) ?? 'workers' };
  if (first === 'requests' && second) return { view: 'inbox', kind: 'contact_request', id: second };
  if (first === 'flags' && second) return { view: 'inbox', kind: 'flag', id: second };
  return { view: 'inbox', kind: null, id: null };
}

function libraryPlace([first = '', second = '', third = '']: string[]): LibraryPlace {
  if (first === '' || first === 'new' || first === 'figures') return { page: first || 'list' };
  if (first === 'called') return { page: 'called', slug: second };
  const number = /^[1-9]\d{0,5}$/.test(third) ? Number(third) : null;
  return { page: 'piece', id: first, edition: known(EDITIONS, second) ?? null, number, editing: third === 'edit' };
}

const known = <T extends string>(list: readonly T[], text: string): T | undefined => list.find((one) => one === text);

export const to = {
  inbox: '#/',
  request: (id: string) => `#/requests/${id}`,
  flag: (id: string) => `#/flags/${id}`,
  clients: '#/clients',
  newClient: '#/clients/new',
  client: (id: string, page: ClientView = 'home') => `#/clients/${id}${page === 'home' ? '' : `/${page}`}`,
  plan: (id: string, part: 'write' | 'history' | (string & {})) => `#/clients/${id}/plan/${part}`,
  reminder: (id: string, part: 'new' | (string & {})) => `#/clients/${id}/reminders/${part}`,
  usualLately: (id: string) => `#/clients/${id}/usual/lately`,
  flagFigures: '#/figures',
  notifications: '#/notifications',
  night: (id?: string) => `#/night${id ? `/${id}` : ''}`,
  call: (client?: string) => `#/call${client ? `/${client}` : ''}`,
  rota: (service?: string | null, page: RotaView = 'home') => `#/rota${service ? `/${service}` : ''}${service && page !== 'home' ? `/${page}` : ''}`,
  board: '#/board',
  engine: '#/engine',
  library: '#/library',
  newPiece: '#/library/new',
  figures: '#/library/figures',
  called: (slug: string) => `#/library/called/${slug}`,
  piece: (id: string, edition?: Edition, at?: number | 'edit') => ['#/library', id, edition, at].filter((part) => part !== undefined).join('/'),
  admin: (page: AdminView) => `#/admin/${page}`,
};

const here = $state<{ route: Route }>({ route: parse(location.hash) });

type MayLeave = (wanted: string) => boolean;
let mayLeave: MayLeave = () => true;
let stood = location.hash;
addEventListener('hashchange', () => {
  // Somebody has words that are not saved: stay, and let the page ask.
  if (location.hash !== stood && !mayLeave(location.hash)) return history.replaceState(null, '', stood || '#/');
  stood = location.hash;
  here.route = parse(stood);
});

/** Asked before the page is left for another of the app. Returns the way to stop being asked. */
export function beforeLeaving(ask: MayLeave): () => void {
  mayLeave = ask;
  return () => (mayLeave = mayLeave === ask ? () => true : mayLeave);
}

export const route = (): Route => here.route;

export function go(hash: string) {
  location.hash = hash;
}
