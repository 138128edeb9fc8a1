import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/api';
import { Filled } from './filled.svelte';

const WORDS = { saved: 'Saved', notTaken: (reason: string) => `Not taken: ${reason}`, notSaved: 'Not saved' };

/** A form, and a server that answers only when it is told to. */
function slowForm() {
  let known = $state({ words: 'old' });
  const asked: { words: string; answer: () => void; fail: (error: Error) => void }[] = [];
  let form!: Filled<{ words: string }>;
  const end = $effect.root(() => void (form = new Filled({ words: '' }, () => known)));
  const send = ({ words }: { words: string }) =>
    new Promise<void>((done, fail) => asked.push({ words, fail, answer: () => ((known = { words }), done()) }));
  const type = (words: string) => {
    form.typed.words = words;
    form.touch();
  };
  const settled = async () => {
    await new Promise((later) => setTimeout(later));
    flushSync();
  };
  return { form, asked, end, type, settled, save: async () => (void form.save(send, WORDS), settled()) };
}

test('what is typed while a save is on its way stays, is not called saved, and a second press sends it after', async () => {
  const { form, asked, end, type, settled, save } = slowForm();
  type('first');
  await save();
  await save();
  expect(form.saving).toBe(true);
  type('second');
  expect(form.saving).toBe(false);
  asked[0]!.answer();
  await settled();
  expect([form.typed.words, form.message]).toEqual(['second', '']);

  await save();
  type('third');
  await save();
  asked[1]!.answer();
  await settled();
  expect([form.typed.words, form.message]).toEqual(['third', '']);
  asked[2]!.answer();
  await settled();
  expect([form.typed.words, form.message, form.saving]).toEqual(['third', 'Saved', false]);
  expect(asked.map(({ words }) => words)).toEqual(['first', 'second', 'third']);
  end();
});

test('only what our server says is a no: a page of something between us is not read out', async () => {
  const { form, asked, end, settled, save } = slowForm();
  await save();
  asked[0]!.fail(new Problem(503, {}));
  await settled();
  expect([form.message, form.failed]).toEqual(['Not saved', true]);
  await save();
  expect(form.message).toBe('');
  asked[1]!.fail(new Problem(422, { code: 'invalid', detail: 'That is too long.' }));
  await settled();
  expect(form.message).toBe('Not taken: That is too long.');
  end();
});
