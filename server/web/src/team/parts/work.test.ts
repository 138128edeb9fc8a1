import { expect, it } from 'vitest';
import { Looked } from './work.svelte';

/** Questions that are answered when the test says so, in the order in which they were asked. */
function questions() {
  const asked: { answer: (data: string) => void; fail: (error: unknown) => void }[] = [];
  return { asked, ask: () => new Promise<string>((answer, fail) => asked.push({ answer, fail })) };
}

it('a look that a newer one overtook is over with the newer one', async () => {
  const { asked, ask } = questions();
  const looked = new Looked(ask);
  const first = looked.look().then(() => looked.data);
  const second = looked.look();
  asked[0]!.answer('old');
  await Promise.resolve();
  expect(looked.data).toBeNull();
  asked[1]!.answer('new');
  await second;
  expect(await first).toBe('new');
});

it('also where the older one failed, or what was asked is forgotten meanwhile', async () => {
  const { asked, ask } = questions();
  const looked = new Looked(ask);
  const first = looked.look();
  const second = looked.look();
  asked[0]!.fail(new Error('lost'));
  asked[1]!.answer('new');
  await Promise.all([first, second]);
  expect([looked.data, looked.error]).toEqual(['new', null]);
  const third = looked.look();
  looked.forget();
  asked[2]!.answer('of somebody else');
  await third;
  expect(looked.data).toBeNull();
});
