import type { Payload, PushKind } from '../shared/wire-push';

const KINDS: PushKind[] = ['reminder', 'contact_news', 'plan_waiting', 'contact_request', 'flag', 'readiness', 'rota', 'test'];

/** What came, as far as it can be understood; a newer server may send more, and a kind that this worker has never heard of. */
export type Understood = Omit<Payload, 'kind' | 'v' | 'a'> & { kind: PushKind | 'other'; a: boolean };

/** `null`: nothing of it can be read. Something is shown all the same. */
export function understand(text: string | null): Understood | null {
  let found: Partial<Record<keyof Payload, unknown>>;
  try {
    found = JSON.parse(text ?? '') as typeof found;
  } catch {
    return null;
  }
  if (typeof found !== 'object' || found === null) return null;
  const words = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    id: words(found.id),
    r: words(found.r),
    kind: KINDS.find((one) => one === found.kind) ?? 'other',
    n: typeof found.n === 'number' && found.n > 0 ? Math.floor(found.n) : 1,
    tag: words(found.tag),
    t: words(found.t),
    d: found.d === 'words' || found.d === 'hidden' ? found.d : 'neutral',
    // Nothing but a plain yes counts as one: a button for what nobody can take says something untrue afterwards.
    a: found.a === true,
  };
}
