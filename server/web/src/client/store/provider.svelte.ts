import bundled from '../../../../../mobile-shared/data/crisis_lines.json';
import { send } from '../../shared/api';
import { wear } from '../../shared/brand';
import type { CrisisLine, Language, Provider } from '../../shared/wire';
import { cover, me } from './about';
import { db } from './db';
import { preferences } from './preferences.svelte';
import { session } from './session.svelte';

// The provider and the crisis lines: known before joining and kept after signing out. The bundled lines are there with
// no network at all, from the first moment.

export const provider = $state<{ known: Provider | null }>({ known: null });

export async function loadProvider(): Promise<void> {
  const row = (await (await db()).get('kept', 'provider')) as { data: Provider } | undefined;
  if (row) provider.known = row.data;
}

/** Before anybody has joined; whoever has is told of it with everything else. */
export const refreshProvider = (): Promise<void> => send<Provider>('GET', '/provider').then(takeProvider);

export async function takeProvider(data: Provider): Promise<void> {
  provider.known = data;
  await (await db()).put('kept', { data, etag: null }, 'provider');
}

/** In front of a lock, in discreet mode, nothing says whose app this is. */
export const providerName = (): string | null => (session.locked && preferences.discreet ? null : nameOf());
const nameOf = (): string | null => me.data?.provider.name ?? provider.known?.name ?? null;

/** What the app may speak here: the provider's word, as Welsh waits for a native speaker's review. */
export const languages = (): Language[] => provider.known?.languages ?? ['en'];
export const phoneHours = (): string | null => me.data?.provider.phone_hours ?? provider.known?.phone_hours ?? null;

/** The number to ring instead, best first: who covers now, the person's own line, the provider. */
export const phone = (): string | null =>
  cover.data?.phone ?? me.data?.dedicated_phone ?? me.data?.provider.phone ?? provider.known?.phone ?? null;

/** Lines that fit where the provider is; all of them as long as we do not know. */
export function crisisLines(): CrisisLine[] {
  const known = provider.known;
  const lines = known?.crisis_lines?.length ? known.crisis_lines : (bundled as CrisisLine[]);
  return known && known.nation !== 'uk' ? lines.filter((line) => line.nation === 'uk' || line.nation === known.nation) : lines;
}

export const wearBrand = (): void => wear(me.data?.provider.brand_colour ?? provider.known?.brand_colour);
