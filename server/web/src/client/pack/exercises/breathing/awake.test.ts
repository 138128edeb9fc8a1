import { expect, test } from 'vitest';
import { keepAwake } from './awake';

const settled = () => new Promise<void>((done) => queueMicrotask(() => queueMicrotask(done)));

function phone() {
  const held = new Set<symbol>();
  let visible = true;
  const heard = new Set<() => void>();
  return {
    held: () => held.size,
    heard,
    screen: {
      request: async () => {
        const mine = Symbol();
        held.add(mine);
        return { release: async () => void held.delete(mine) };
      },
    },
    page: {
      get visibilityState() {
        return visible ? ('visible' as const) : ('hidden' as const);
      },
      addEventListener: (_: string, then: unknown) => void heard.add(then as () => void),
      removeEventListener: (_: string, then: unknown) => void heard.delete(then as () => void),
    },
    async comesBack() {
      held.clear(); // the phone lets go by itself when the page is hidden
      visible = true;
      for (const then of heard) then();
      await settled();
    },
  };
}

test('the screen stays on while it runs, also after looking elsewhere, and is let go after', async () => {
  const mine = phone();
  const letGo = keepAwake(mine.screen, mine.page);
  await settled();
  expect(mine.held()).toBe(1);
  await mine.comesBack();
  expect(mine.held()).toBe(1);
  letGo();
  await settled();
  expect([mine.held(), mine.heard.size]).toEqual([0, 0]);
});

test('stopped before the phone has answered, nothing is left on', async () => {
  const mine = phone();
  keepAwake(mine.screen, mine.page)();
  await settled();
  expect(mine.held()).toBe(0);
});

test('a phone without it, or one that says no, goes on as it is', async () => {
  const mine = phone();
  expect(() => keepAwake(undefined, mine.page)()).not.toThrow();
  const letGo = keepAwake({ request: async () => { throw new Error('low battery'); } }, mine.page);
  await settled();
  expect(letGo).not.toThrow();
});
