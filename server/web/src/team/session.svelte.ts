// Who is at this desk. The access token lives in memory only; the refresh token in sessionStorage, so that a reload does not
// sign a worker out and a closed tab does. A desk in an office is shared: signing out leaves nothing behind. Whoever is on call
// keeps it in localStorage, on a phone of their own, if they say so: at 3 a.m. nobody types a password.
import { createApi, Problem, send, sessionFrom, type Session } from '../shared/api';
import { wear } from '../shared/brand';
import type { Role, SignIn } from '../shared/wire';
import type { TeamMe } from '../shared/wire-team';

const KEY = 'companion-team-refresh';
/** What a page keeps in this tab about a client begins with this, and goes when whoever wrote it does. */
export const IN_THIS_TAB = 'companion-team-tab:';

let held: Session | null = null;
let kept = localStorage.getItem(KEY) !== null;
const store = () => (kept ? localStorage : sessionStorage);

// Signed out in another tab of this phone.
addEventListener('storage', (event) => {
  if (kept && event.key === KEY && event.newValue === null && desk.state === 'in') forget('ended');
});

/** `unknown` until the first look; `ended` when the server signed us out, which the sign-in page says. */
export const desk = $state<{ state: 'unknown' | 'in' | 'out' | 'ended'; me: TeamMe | null; failed: boolean }>({
  state: 'unknown',
  me: null,
  failed: false,
});

export const api = createApi('team', {
  async read() {
    const refresh_token = store().getItem(KEY);
    if (!refresh_token) return null;
    // After a reload there is no access token: one that has run out makes the next request renew it. Where several tabs keep one
    // session together, only the newest refresh token is good, whoever fetched it.
    return held?.refresh_token === refresh_token ? held : { access_token: '', refresh_token, expires_at: 0 };
  },
  async write(session) {
    hold(session);
  },
  async ended() {
    forget('ended');
  },
});

function hold(session: Session) {
  held = session;
  store().setItem(KEY, session.refresh_token);
}

function forget(state: 'out' | 'ended') {
  held = null;
  localStorage.removeItem(KEY);
  sessionStorage.removeItem(KEY);
  kept = false;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(IN_THIS_TAB)) sessionStorage.removeItem(name);
  desk.me = null;
  desk.state = state;
}

/** On opening the page: are we still signed in? Being unreachable is not being signed out. */
export async function arriveAtDesk() {
  desk.failed = false;
  if (!store().getItem(KEY)) return forget('out');
  try {
    await learnWhoIAm();
  } catch (error) {
    if (desk.state !== 'unknown') return;
    if (error instanceof Problem && error.status === 401) forget('ended');
    else desk.failed = true;
  }
}

/** `stay`: on a phone of one's own, until signing out. */
export async function signIn(email: string, password: string, stay = false) {
  const answer = await send<SignIn>('POST', '/auth/sign-in', { body: { email, password } });
  kept = stay;
  hold(sessionFrom(answer, Date.now()));
  await learnWhoIAm();
}

async function learnWhoIAm() {
  desk.me = await api.get<TeamMe>('/team/me');
  wear(desk.me.organisation.brand_colour);
  desk.state = 'in';
}

/** Signs out here at once, whatever the network says; the server is told if it can be. */
export function signOut() {
  const token = held?.access_token;
  forget('out');
  wear(null);
  history.replaceState(null, '', location.pathname); // the next worker does not land on this one's page
  dispatchEvent(new HashChangeEvent('hashchange'));
  if (token) send('POST', '/auth/sign-out', { token, timeout: 5_000 }).catch(() => {});
}

export const hasRole = (role: Role): boolean => desk.me?.worker.roles.includes(role) ?? false;
export const isMe = (worker: { id: string } | null | undefined): boolean => worker != null && worker.id === desk.me?.worker.id;
