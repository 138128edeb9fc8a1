// Where we are, from the part of the address after #. It never leaves the browser, so no client's id stands in a proxy's log.

export type Route =
  | { view: 'inbox'; kind: 'contact_request' | 'flag' | null; id: string | null }
  | { view: 'clients' }
  | { view: 'new_client' }
  | { view: 'client'; id: string; page: ClientView }
  | { view: 'admin'; page: AdminView };

export const CLIENT_VIEWS = ['home', 'edit', 'invite', 'items', 'check-in', 'team'] as const;
export type ClientView = (typeof CLIENT_VIEWS)[number];
export const ADMIN_VIEWS = ['workers', 'services', 'organisation', 'crisis-lines', 'audit'] as const;
export type AdminView = (typeof ADMIN_VIEWS)[number];

export function parse(hash: string): Route {
  const [first = '', second = '', third = ''] = hash.replace(/^#?\/?/, '').split('/');
  if (first === 'clients' && second === 'new') return { view: 'new_client' };
  if (first === 'clients' && second) return { view: 'client', id: second, page: known(CLIENT_VIEWS, third) ?? 'home' };
  if (first === 'clients') return { view: 'clients' };
  if (first === 'admin') return { view: 'admin', page: known(ADMIN_VIEWS, second) ?? 'workers' };
  if (first === 'requests' && second) return { view: 'inbox', kind: 'contact_request', id: second };
  if (first === 'flags' && second) return { view: 'inbox', kind: 'flag', id: second };
  return { view: 'inbox', kind: null, id: null };
}

const known = <T extends string>(list: readonly T[], text: string): T | undefined => list.find((one) => one === text);

export const to = {
  inbox: '#/',
  request: (id: string) => `#/requests/${id}`,
  flag: (id: string) => `#/flags/${id}`,
  clients: '#/clients',
  newClient: '#/clients/new',
  client: (id: string, page: ClientView = 'home') => `#/clients/${id}${page === 'home' ? '' : `/${page}`}`,
  admin: (page: AdminView) => `#/admin/${page}`,
};

const here = $state<{ route: Route }>({ route: parse(location.hash) });
addEventListener('hashchange', () => {
  here.route = parse(location.hash);
});

export const route = (): Route => here.route;

export function go(hash: string) {
  location.hash = hash;
}
