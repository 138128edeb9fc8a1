// Every address of the client's app, in each way in which it can be spoken and seen: axe and all. What happens on the screens is told in the
// other stories; here nothing is pressed, so that a page that was forgotten cannot hide.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { SCALE, story } from '../lib/story.mjs';

/** As the router knows them: a page that is added there is looked at here, or this fails. */
async function addresses({ request, flag }) {
  const source = await readFile(new URL('../../../server/web/src/client/router.svelte.ts', import.meta.url), 'utf8');
  const list = source.match(/const PAGES = \[(.+?)\] as const/s)[1].replaceAll(/\/\/.*$/gm, '');
  const pages = [...list.matchAll(/'([a-z-]+)'/g)].map(([, page]) => page);
  // With what stands after them; `null`: only after something was done, and shown in the other stories.
  const more = {
    thanks: null, join: null, own: null,
    contact: ['', request], change: [flag], pack: ['', 'slow-breathing', 'sleep'], topic: ['sleep'], add: ['', 'note'], reminder: ['new'],
    welcome: ['hello', 'what', 'not', 'sees', 'choose', 'talk', 'signs', 'told', 'first'],
    'plan-change': ['', 'keeps_well', 'stages', 'people'],
  };
  return pages.flatMap((page) => (more[page] === null ? [] : (more[page] ?? ['']).map((argument) => (argument ? `${page}/${argument}` : page))));
}

/** Somebody with something on every page. */
async function begin(world, screen, set) {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const phone = await world.phoneOf(rhian, screen);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  const [flag] = (await dee.get('/team/flags')).items;
  if (set) {
    await phone.load(`${world.provider.url}/#/suits`);
    await phone.chooses(() => set(phone));
  }
  return { phone, places: await addresses({ request: request.id, flag: flag.id }) };
}

const inWelsh = (phone) => phone.page.getByRole('radio', { name: 'Cymraeg' }).check();
const inEasyRead = async (phone) => {
  await phone.page.getByRole('switch', { name: 'Easy Read' }).check();
  await phone.page.getByRole('button', { name: 'Read this page to me' }).waitFor();
};

/** `part`: each takes every other address, and together they take all; in soak each takes all. */
async function every(world, { screen, set, name, look, part }) {
  const { phone, places: all } = await begin(world, screen, set);
  const places = part === undefined || SCALE > 1 ? all : all.filter((_, n) => n % 2 === part);
  const wrong = [];
  for (const place of places) {
    await phone.load('about:blank');
    await phone.load(`${world.provider.url}/#/${place}`);
    await phone.page.locator('main h1').first().waitFor();
    await phone.page.waitForLoadState('networkidle');
    const titled = await phone.page.title();
    assert.doesNotMatch(titled, /^Companion$/, `${place} has a title of its own`);
    await look(phone, `${name}-${place.replaceAll('/', '-').replace(/[0-9a-f-]{36}/, 'one')}`).catch((error) => wrong.push(error.message));
  }
  // All of them at once: whoever mends one wants to know of the others.
  assert.deepEqual(wrong, []);
}
const passes = (phone, name) => phone.passes(name);
/** 400 % on a screen of 1280 px: nothing is cut off and nobody scrolls sideways. */
const NARROW = { viewport: { width: 320, height: 640 } };

const inTheDark = (phone, name) => phone.inTheDark(() => phone.passes(`${name}-dark`));
const inTheirWelsh = async (phone, name) => {
  assert.equal(await phone.page.evaluate(() => document.documentElement.lang), 'cy');
  await inTheDark(phone, name);
};

story('everywhere: at 400 %, in English', (world) => every(world, { screen: NARROW, name: 'narrow', look: passes }));
story('everywhere: in the dark, in Welsh', (world) => every(world, { name: 'cy', set: inWelsh, look: inTheirWelsh, part: 0 }));
story('everywhere: in Easy Read', (world) => every(world, { name: 'easy', set: inEasyRead, look: passes, part: 1 }));

// The others in soak: each takes a minute.
if (SCALE > 1) {
  story('everywhere: in English', (world) => every(world, { name: 'en', look: passes }));
  story('everywhere: in the dark, in English', (world) => every(world, { name: 'en', look: inTheDark }));
  story('everywhere: in Welsh', (world) => every(world, { name: 'cy', set: inWelsh, look: passes }));
  story('everywhere: in the dark, in Easy Read', (world) => every(world, { name: 'easy', set: inEasyRead, look: inTheDark }));
  story('everywhere: at 400 %, in Welsh', (world) => every(world, { screen: NARROW, set: inWelsh, name: 'narrow-cy', look: passes }));
  story('everywhere: at 400 %, in Easy Read', (world) => every(world, { screen: NARROW, set: inEasyRead, name: 'narrow-easy', look: passes }));
}
