import { expect, test } from 'vitest';

// No layout here: what the styles say is read as text.
const views = import.meta.glob<string>(['../**/*.svelte', '!../shell/Bar.svelte'], { query: '?raw', import: 'default', eager: true });
const leave = views['./Leave.svelte']!;

test('the way out lies above all that stays in a page, and what stays at its top stays below it', () => {
  const layers = (view: string) => [...view.matchAll(/z-index: (\d+)/g)].map((found) => Number(found[1]));
  const [own] = layers(leave);
  for (const [path, view] of Object.entries(views)) {
    if (view === leave) continue;
    for (const layer of layers(view)) expect(layer, path).toBeLessThan(own!);
    if (/position: sticky/.test(view)) expect(view, path).toMatch(/top: var\(--leave, 0px\)/);
  }
});

test('leaving and hiding silence the voice before anything else', () => {
  expect(leave).toMatch(/function leave\(\) \{\s+hush\(\);/);
  expect(leave).toMatch(/visibilityState === 'hidden' \? hush\(\)/);
});
