import { expect, test, vi } from 'vitest';
import { db } from './db';
import { loadPreferences, prefer, preferences } from './preferences.svelte';

test('what another tab chose stays so, and is heard of', async () => {
  await loadPreferences();
  const told: unknown[] = [];
  const others = new BroadcastChannel('companion');
  others.onmessage = ({ data }) => told.push(data);
  // Another tab turns discreet mode on, and this one has not heard of it.
  await (await db()).put('kept', { ...preferences, discreet: true, exit: 'news' }, 'preferences');
  await prefer({ text_size: 'larger' });
  expect(await (await db()).get('kept', 'preferences')).toMatchObject({ discreet: true, exit: 'news', text_size: 'larger' });
  await vi.waitFor(() => expect(told).toEqual(['changed']));
  others.close();
  await loadPreferences();
  expect([preferences.discreet, preferences.text_size]).toEqual([true, 'larger']);
});
