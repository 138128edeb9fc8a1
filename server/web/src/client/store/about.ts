import type { CheckIns, Cover, Flag, Items, List, Me } from '../../shared/wire';
import type { MyBaselines, Sharing } from '../../shared/wire-my-warning';
import type { MyReminders } from '../../shared/wire-reminders';
import { pack } from '../pack/store.svelte';
import { plan } from '../plan/store.svelte';
import { Cached } from './cached.svelte';

/** What the phone knows about this person, each with its own age. */
export const me = new Cached<Me>('me', '/me');
export const items = new Cached<Items>('items', '/me/items');
export const checkIns = new Cached<CheckIns>('check_ins', '/me/check-ins?limit=200');
export const flags = new Cached<List<Flag>>('flags', '/me/flags');
export const cover = new Cached<Cover>('cover', '/me/cover');
export const sharing = new Cached<Sharing>('sharing', '/me/sharing');
export const baseline = new Cached<MyBaselines>('baseline', '/me/baseline');

/** Five weeks ahead, worked out by the server: no calendar is reckoned with on the phone. */
export const reminders = new Cached<MyReminders>('reminders', '/me/reminders');

/** Named as the parts of an answer to POST /me/sync. */
export const everything = [me, items, checkIns, flags, cover, pack, plan, sharing, baseline, reminders];
