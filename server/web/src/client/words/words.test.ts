import { expect, test } from 'vitest';
import type { Dictionary, Entry } from '../../shared/i18n.svelte';
import { en as shared } from '../../shared/en';
import { en as crisis } from './crisis';
import { easy } from './easy.en';
import { welsh } from './welsh';

// Every word of the client's app, in every way that it is said.

const english: Record<string, Dictionary> = { shared };
for (const [path, { en }] of Object.entries(import.meta.glob<{ en: Dictionary }>('./*en.ts', { eager: true }))) {
  if (en) english[path === './en.ts' ? 'main' : path.slice(2, -'.en.ts'.length)] = en;
}
const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const blanks = (entry: Entry): string[] => [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
const every = (words: Record<string, Dictionary>) =>
  Object.entries(words).flatMap(([name, entries]) => Object.entries(entries).map(([key, entry]) => ({ name, key, entry })));
// The standard questions and what is not taken come from the server; below they are held to what it asks and says.
const { items: questions, problems, ...written } = welsh;
const WELSH = every(written);

test('every set of English words has its Welsh, and every sentence in it', () => {
  expect(Object.keys(written).sort()).toEqual(Object.keys(english).sort());
  for (const [name, entries] of Object.entries(english)) expect(Object.keys((written as Record<string, Dictionary>)[name]!).sort(), name).toEqual(Object.keys(entries).sort());
});

test('Welsh is written, not left in English', () => {
  const left = WELSH.filter(({ name, key, entry }) => {
    const other = english[name]![key]!;
    return forms(entry).some((form) => forms(other).includes(form) && /\p{L}{2}/u.test(form.replace(/\{\w+\}/g, '')));
  }).map(({ name, key }) => `${name}.${key}`);
  // The languages have their own names, Welsh says "help" too, and a notification that hides everything is the app's name alone.
  expect(left).toEqual(['shared.language.en', 'shared.language.cy', 'main.nav.help', 'reminders.push.says_hidden']);
});

test('Welsh and Easy Read fill in what the English fills in', () => {
  for (const { name, key, entry } of WELSH) expect([name, key, ...blanks(entry)]).toEqual([name, key, ...blanks(english[name]![key]!)]);
  // In Easy Read something may be left out; nothing comes in that nobody fills.
  for (const { name, key, entry } of every(easy)) for (const blank of blanks(entry)) expect(blanks(english[name]![key]!), `${name}.${key}`).toContain(blank);
});

test('a Welsh word after a number changes as that number makes it', () => {
  // p, t, c: softer after 2, breathed after 3 and 6. b, d, g, m, ll, rh: softer after 2.
  for (const { name, key, entry } of WELSH) {
    const plain = typeof entry === 'string' ? entry : entry.other;
    const word = /\{n\} (\p{L}+)/u.exec(plain)?.[1]?.toLowerCase() ?? '';
    if (typeof entry === 'string') {
      if (typeof english[name]![key] !== 'string') expect.fail(`${name}.${key} has one form in Welsh`);
      continue;
    }
    const after = (form: string | undefined) => /\{n\} (\p{L}+)/u.exec(form ?? '')?.[1]?.toLowerCase();
    const where = `${name}.${key}: ${word}`;
    if (/^([ptcbdgm]|ll|rh)/.test(word)) expect(entry.two && after(entry.two) !== word, where).toBe(true);
    if (/^[ptc]/.test(word)) for (const form of [entry.few, entry.many]) expect(form && after(form) !== word && /^[ptc]h/.test(after(form) ?? ''), where).toBe(true);
  }
});

test('no Welsh word that changes before a vowel stands before a name that is filled in', () => {
  for (const { name, key, entry } of WELSH) for (const form of forms(entry)) expect(form, `${name}.${key}`).not.toMatch(/(?<![\p{L}’])(a|â|gyda) \{(provider|readers|names?)\}/u);
});

test('nobody is shouted at, scored or pushed, in any of them', () => {
  for (const { name, key, entry } of [...every(english), ...WELSH, ...every(easy), ...every({ crisis })]) {
    for (const form of forms(entry)) expect(form, `${name}.${key}`).not.toMatch(/!|well done|streak|\bscore|you should|you must|oops/i);
  }
});

test('what is said in a crisis is in English alone, until somebody has read it in Welsh', () => {
  const spoken = WELSH.flatMap(({ name, key, entry }) => forms(entry).map((form) => ({ where: `${name}.${key}`, form })));
  expect(spoken.filter(({ form }) => /\b(999|116 ?123|111)\b/.test(form))).toEqual([]);
  expect(Object.keys(welsh)).not.toContain('crisis');
});

test('each Welsh file says at its top that it waits for a native speaker', () => {
  const files = import.meta.glob<string>(['./*cy.ts', './welsh.ts', '../../shared/cy.ts', '../../shared/plan/starters.cy.ts'], { query: '?raw', import: 'default', eager: true });
  expect(Object.keys(files).length).toBeGreaterThan(14);
  for (const [path, text] of Object.entries(files)) expect(text, path).toMatch(/AWAITING A NATIVE SPEAKER'S REVIEW/);
});

test('every standard question and the words of its scale have their Welsh', async () => {
  const { default: source } = await import('../../../../../mobile-shared/src/item.rs?raw');
  const asked = [...source.matchAll(/^ {8}text: "(.+)",$/gm)].map((found) => found[1]!);
  const labels = [...source.matchAll(/^ {8}labels: \[(.+)\],$/gm)].flatMap((found) => JSON.parse(`[${found[1]}]`) as string[]);
  expect(asked).toHaveLength(5);
  for (const words of [...asked, ...labels, 'Not at all', 'Some', 'A lot']) expect(questions, words).toHaveProperty([words]);
});

test('what the server does not take is said in Welsh, and what is said in Welsh is what it says', () => {
  // Where a phone's own routes say no, beside the general ones.
  const routes = import.meta.glob<string>(
    [
      '../../../../src/{error,sync/mod}.rs', '../../../../src/{check_ins/mod,contact/accept,contact/client,flags/client,baseline/client,items/change}.rs',
      '../../../../src/{plans/draft,plans/agree,pack/additions,pack/client,reminders/change,reminders/answers,notify/subscribe}.rs',
    ],
    { query: '?raw', import: 'default', eager: true },
  );
  expect(Object.keys(routes)).toHaveLength(15);
  const source = Object.values(routes).join('\n');
  for (const sentence of Object.keys(problems)) expect(source, sentence).toContain(`"${sentence}"`);
  // A phone subscribes anew by itself; nobody reads that.
  const said = [...source.matchAll(/Conflict\(\s*"([^"]+)"/g)].map((found) => found[1]!).filter((sentence) => !/subscription was taken/.test(sentence));
  expect(said.length).toBeGreaterThan(15);
  for (const sentence of said) expect(problems).toHaveProperty([sentence]);
});

test('why the server did not take something is never put into a sentence without its Welsh', () => {
  const sources = import.meta.glob<string>(['../**/*.{svelte,ts}', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
  const put = Object.entries(sources).flatMap(([path, source]) => [...source.matchAll(/\b\w\((?:'[^']*'|`[^`]*`), \{[^{}]*\breason: (\w+)/g)].map((found) => ({ path, how: found[1] })));
  expect(put.length).toBeGreaterThan(10);
  expect(put.filter(({ how }) => how !== 'serverSays' && how !== 'whyNot')).toEqual([]);
});

test('a page asks for its words by the name under which the Welsh and the easy ones come', () => {
  const sources = import.meta.glob<string>(['../**/*.ts', '../../shared/i18n.svelte.ts', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
  const asked = Object.values(sources).flatMap((source) => [...source.matchAll(/= dictionary\('(\w+)', en\)/g)].map((found) => found[1]!));
  expect(asked.sort()).toEqual([...Object.keys(written), 'crisis'].sort());
  for (const name of Object.keys(easy)) expect(asked).toContain(name);
});
