import { Cached } from '../store/cached.svelte';
import { session } from '../store/session.svelte';

// How far somebody came on the short path after joining. It is the phone's own affair: the server is never asked nor told.

export const STEPS = ['hello', 'what', 'not', 'sees', 'choose', 'talk', 'signs', 'told', 'first'] as const;
export type Step = (typeof STEPS)[number];

export const way = new Cached<{ step: Step; done: boolean }>('welcome', '', false);

export const stepOf = (argument: string): Step => STEPS.find((step) => step === argument) ?? 'hello';

/** Nothing stored: they joined before there was a path, and nobody sends them on it. */
export async function loadWay(): Promise<void> {
  const id = session.current?.client_id;
  if (id) await way.load(id);
}

/** Here they are now. Whoever looks again later does not begin anew. */
export async function isAt(step: Step): Promise<void> {
  if (!way.data?.done) await keep({ step, done: false });
}

export const finish = (): Promise<void> => keep({ step: 'first', done: true });

async function keep(data: { step: Step; done: boolean }): Promise<void> {
  const id = session.current?.client_id;
  if (id) await way.set(id, data);
}
