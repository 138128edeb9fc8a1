import type { Words } from '../../shared/i18n.svelte';
import { cy as shared } from '../../shared/cy';
import { cy as check_ins } from './check_ins.cy';
import { cy as main } from './cy';
import { cy as early_warning } from './early_warning.cy';
import { cy as exercises } from './exercises.cy';
import { cy as items } from './items.cy';
import { cy as lock } from './lock.cy';
import { cy as me } from './me.cy';
import { cy as needs } from './needs.cy';
import { cy as pack } from './pack.cy';
import { cy as plan } from './plan.cy';
import { cy as problems } from './problems.cy';
import { cy as reach } from './reach.cy';
import { cy as reminders } from './reminders.cy';
import { cy as sending } from './sending.cy';
import { cy as suits } from './suits.cy';
import { cy as welcome } from './welcome.cy';

// All the Welsh of the client's app, in one file that a phone fetches when somebody wants Welsh, and keeps from then on.
//
// AWAITING A NATIVE SPEAKER'S REVIEW, all of it; the app says so where the language is chosen, and a provider's server decides whether it
// is offered at all. The app says "chi": services in Wales do until they are told otherwise, it is what a worker would say to somebody
// they meet for the first time, and it is never too familiar to somebody who is older, or who has been talked down to. What is said *by*
// the person ("fi", "fy nghynllun") is as they would say it. Numbers are put in by the six plural forms of Welsh, as words change after
// them: 2 gofnod, 3 chofnod, 5 cofnod. What is said in a crisis is not here (crisis.ts).
export const welsh = { shared, main, check_ins, early_warning, exercises, items, lock, me, needs, pack, plan, problems, reach, reminders, sending, suits, welcome } satisfies Words;
