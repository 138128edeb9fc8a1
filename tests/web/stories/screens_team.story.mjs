// Every screen of the team's app, looked at hard (lib/screen.mjs).
import { DESK, PHONE } from '../lib/browser.mjs';
import { story } from '../lib/story.mjs';

/** A desk where there is something to see everywhere; calls `look` on every screen there is. */
async function everyScreen(world, screen, look) {
  const { provider } = world;
  await provider.admin.put('/admin/organisation', { name: provider.name, brand_colour: null, phone: provider.phone, phone_hours: 'every day, 8 till 10 at night', nation: 'england' });
  const dee = await world.worker('Dee', 'Okafor', ['support_worker', 'team_lead', 'admin']);
  await world.worker('Tom', 'Wilk');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const sam = await world.client('Sam', [dee]);
  const fresh = await world.client('Mo', [dee], { about: null, phone: null, reach: undefined });
  const phone = await world.phoneOf(sam);
  await phone.askForContact({ words: 'I can’t settle. Could someone ring before the pharmacy shuts?' });
  await phone.rung('Reached Harbour Support');

  const desk = await world.emptyDesk(screen);
  await desk.open();
  await look(desk, 'sign-in');
  await desk.signIn(dee);
  await desk.row('Sam Example').waitFor();
  await desk.row('Rhian Example').waitFor();
  await look(desk, 'inbox');
  await desk.row('Sam Example').getByRole('link', { name: /Sam Example/ }).click();
  await desk.sees('Say when', { within: desk.detail });
  await look(desk, 'request');
  await desk.press(/^30 min/, desk.detail);
  await look(desk, 'request-promising');
  await desk.press(/^I’ve got this, and will/, desk.detail);
  await desk.sees(/You promised/, { within: desk.detail });
  for (const step of ['Hand over', 'Finish']) await desk.unfold(step);
  await desk.detail.getByLabel('To', { exact: true }).waitFor();
  await look(desk, 'request-taken');

  const { items } = await dee.get('/team/flags');
  await desk.go(`#/flags/${items[0].id}`);
  await desk.sees('The answers behind it', { within: desk.detail });
  for (const step of ['Add a note', 'What came of it']) await desk.unfold(step);
  await look(desk, 'flag');

  await desk.go('#/clients');
  await desk.sees('Mo Example');
  await look(desk, 'clients');
  await desk.clientPage(rhian);
  await desk.page.locator('svg[role=img]').first().waitFor();
  await look(desk, 'client');
  await desk.clientPage(sam);
  await desk.press(/Lost phone/);
  await desk.page.getByRole('dialog').waitFor();
  await look(desk, 'lost-phone');
  await desk.clientPage(fresh);
  await desk.sees('No contact requests so far.');
  await look(desk, 'client-new');

  await desk.go('#/clients/new');
  await desk.heading('New client');
  await look(desk, 'new-client');
  const pages = { edit: /^Change/, items: /^Check-in questions/, 'check-in': /^Check-in for/, team: /^The team of/, invite: /^Invite a phone/ };
  for (const [page, heading] of Object.entries(pages)) {
    await desk.go(`#/clients/${rhian.id}/${page}`);
    await desk.heading(heading);
    if (page === 'invite') await desk.press('Make an invite').then(() => desk.sees('To read it aloud'));
    if (page === 'items') await desk.sees('Check-ins a week');
    await look(desk, `client-${page}`);
  }
  const admin = { workers: 'Tom Wilk', services: 'Out and About', organisation: 'Brand colour', 'crisis-lines': 'Samaritans', audit: 'Looked at the inbox' };
  for (const [page, words] of Object.entries(admin)) {
    await desk.go(`#/admin/${page}`);
    await desk.sees(words);
    await look(desk, `admin-${page}`);
  }
}

story('screens: the team’s app at a desk', async (world) => {
  await everyScreen(world, DESK, (desk, name) => desk.passes(`team-${name}`));
});

story('screens: the team’s app on a small phone', async (world) => {
  await everyScreen(world, PHONE, (desk, name) => desk.passes(`team-${name}-phone`));
});

story('screens: the team’s app in the dark', async (world) => {
  const dark = ['inbox', 'request-taken', 'flag', 'client', 'admin-organisation'];
  await everyScreen(world, { ...DESK, colorScheme: 'dark' }, async (desk, name) => dark.includes(name) && desk.passes(`team-${name}-dark`));
});

story('screens: the team’s app with text twice as large', async (world) => {
  const few = ['inbox', 'request', 'client'];
  await everyScreen(world, { ...PHONE, largeText: true }, (desk, name) => (few.includes(name) ? desk.passes(`team-${name}-large`) : desk.noSidewaysScroll(name)));
});
