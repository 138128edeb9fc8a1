import { Problem } from '../../shared/api';
import { insteadOf, speech } from '../../shared/i18n.svelte';
import { uuidv7 } from '../../shared/uuid';
import type { Uuid } from '../../shared/wire';
import type { Reminder, ReminderBody } from '../../shared/wire-reminders';
import { reminders } from '../store/about';
import { apiFor, session } from '../store/session.svelte';
import { serverSays } from '../words';
import type { Wanted } from './form';
import { askAgain, proposals, reminderById } from './view.svelte';

/** Somebody else changed it meanwhile: this is theirs. */
export class Changed extends Error {
  readonly theirs: Reminder;
  constructor(theirs: Reminder) {
    super('The reminder was changed meanwhile.');
    this.theirs = theirs;
  }
}

/** What the server says to the field at fault; to a person who speaks Welsh what it says in general, where only that is known in it. */
export function whyNot({ errors, message }: Problem): string {
  const near = errors[0]?.message;
  return near && (speech.language === 'en' || insteadOf('problems', near) !== null) ? serverSays(near) : serverSays(message);
}

/** One wording has one id, however often it is sent: a lost reply makes no second one. */
const sent = new Map<string, Uuid>();

/** Straight to the server or not at all: what comes and when is reckoned there, and only then is it true. */
export async function saveReminder(id: Uuid, basedOn: Uuid | null, wanted: Wanted): Promise<Reminder> {
  const own = session.current;
  if (!own) throw new Error('Nobody has joined on this phone.');
  const same = JSON.stringify([id, basedOn, wanted]);
  const change = sent.get(same) ?? uuidv7();
  sent.set(same, change);
  const answers = proposals().some(({ offered }) => offered.change === basedOn);
  const body: ReminderBody = { change, based_on: basedOn, ...wanted };
  try {
    const saved = await apiFor(own.client_id).put<Reminder>(`/me/reminders/${id}`, body);
    sent.delete(same);
    const known = reminders.data;
    if (known) await reminders.set(own.client_id, { ...known, reminders: [...known.reminders.filter((one) => one.id !== id), saved] });
    await askAgain();
    return saved;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    await askAgain();
    const theirs = (answers && proposals().find(({ offered }) => offered.id === id)?.offered) || reminderById(id);
    if (!theirs || theirs.change === basedOn) throw error;
    throw new Changed(theirs);
  }
}
