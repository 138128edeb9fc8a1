// Every address of the team's app, light and dark, and at 400 % of a screen of 1280 px. What happens on the screens is told in the others.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { story, storyInSoak } from '../lib/story.mjs';

/** As the router knows them: a page of a client, of the rota or of the office that is added there is looked at here. */
async function addresses({ client, request, flag, service, piece }) {
  const source = await readFile(new URL('../../../server/web/src/team/route.svelte.ts', import.meta.url), 'utf8');
  const listed = (name) => [...source.match(new RegExp(`export const ${name} = \\[(.+?)\\]`, 's'))[1].matchAll(/'([a-z-]+)'/g)].map(([, page]) => page);
  const of = (stem, pages) => pages.map((page) => (page === 'home' ? stem : `${stem}/${page}`));
  return [
    '', 'clients', 'clients/new', 'figures', 'notifications', 'night', `night/${request}`, 'call', `call/${client}`, 'board', 'engine', `requests/${request}`, `flags/${flag}`,
    ...of(`clients/${client}`, listed('CLIENT_VIEWS')),
    `clients/${client}/plan/write`, `clients/${client}/plan/history`, `clients/${client}/reminders/new`, `clients/${client}/usual/lately`,
    ...of(`rota/${service}`, listed('ROTA_VIEWS')),
    'library', 'library/new', 'library/figures', `library/${piece}`, `library/${piece}/en/edit`,
    ...listed('ADMIN_VIEWS').map((page) => `admin/${page}`),
  ];
}

async function every(world, screen, look) {
  const dee = await world.worker('Dee', 'Okafor', ['support_worker', 'team_lead', 'admin']);
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const phone = await world.deviceOf(rhian);
  await phone.put('/me/communication', { needs: ['text_not_call', 'interpreter', 'more_time'], interpreter_language: 'Polish', words: 'Tell me first what it is about.' });
  const { uuidv7 } = await import('../lib/session.mjs');
  await phone.put(`/me/contact-requests/${uuidv7()}`, { requested_at: new Date().toISOString(), when: 'now', how: 'call', message: 'Could someone ring before the pharmacy shuts?' });
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  const [flag] = (await dee.get('/team/flags')).items;
  const piece = await world.piece('slow-breathing');

  const desk = await world.emptyDesk(screen);
  await desk.open();
  const wrong = [];
  await look(desk, 'sign-in');
  await desk.signIn(dee);
  for (const place of await addresses({ client: rhian.id, request: request.id, flag: flag.id, service: world.service.id, piece: piece.id })) {
    await desk.go('#/clients');
    await desk.page.evaluate((hash) => (location.hash = hash), `#/${place}`);
    await desk.page.locator('h1').filter({ visible: true }).first().waitFor();
    // What is looked up has come.
    await desk.page.waitForTimeout(600);
    assert.notEqual(await desk.page.title(), '', place);
    await look(desk, place.replaceAll('/', '-').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'one') || 'inbox').catch((error) => wrong.push(error.message));
  }
  // All of them at once: whoever mends one wants to know of the others.
  assert.deepEqual(wrong, []);
}

story('everywhere: the team’s app at 400 %', (world) => every(world, { viewport: { width: 320, height: 640 } }, (desk, name) => desk.passes(`team-narrow-${name}`)));

storyInSoak('everywhere: the team’s app, and in the dark', (world) => every(world, undefined, async (desk, name) => {
  await desk.passes(`team-${name}`);
  await desk.inTheDark(() => desk.passes(`team-${name}-dark`));
}));
