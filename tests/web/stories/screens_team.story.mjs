// Every screen of the team's app, looked at hard (lib/screen.mjs).
import { DESK, PHONE } from '../lib/browser.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';

/** What is usual, how readily a change is raised, silence and figures. Rhian has a flag; Ali has gone quiet; Mo has said nothing yet. */
async function earlyWarning(world, { dee, rhian, ali, mo, desk }, look) {
  const silence = (await dee.get('/team/flags')).items.find((one) => one.kind === 'silence');
  const his = await world.deviceOf(ali);
  await his.post(`/me/flags/${silence.id}/answer`, { id: uuidv7(), answer: 'not_sure', words: 'I lost my charger.' });
  await his.put('/me/sharing', { flags_shown: false, silence_counts: false });
  await desk.go(`#/flags/${silence.id}`);
  await desk.sees('A quiet signal', { within: desk.detail });
  await look(desk, 'flag-silence');

  // Nothing agreed yet, and a change of the numbers that cannot be.
  await desk.go(`#/clients/${mo.id}/usual`);
  await desk.sees(/^There are too few answers on these days\./);
  await look(desk, 'client-usual-few');
  await desk.go(`#/clients/${rhian.id}/usual`);
  await desk.heading('What they suggest');
  const sleep = desk.page.getByRole('listitem').filter({ hasText: 'How have you been sleeping?' });
  await desk.press(/^Change the numbers/, sleep);
  await sleep.getByLabel('Usual from').selectOption('7');
  await desk.sees('“Usual from” can’t be above “to”.');
  await desk.page.getByRole('radio', { name: 'Other days' }).check();
  await look(desk, 'client-usual-wrong');
  await sleep.getByLabel('Usual from').selectOption('3');
  await desk.page.getByRole('radio', { name: /^We looked at it together/ }).check();
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await look(desk, 'client-usual-seen');
  await desk.press('Put it in force');
  await desk.sees('It is in force from today.');
  const hers = await world.deviceOf(rhian);
  const suggest = async () => {
    const { suggestion } = await dee.get(`/team/clients/${rhian.id}/baseline`);
    const baseline = { first_day: suggestion.first_day, last_day: suggestion.last_day, items: suggestion.items.map(({ item_id, low, centre, high }) => ({ item_id, low, centre, high })) };
    const { seen } = await dee.post(`/team/clients/${rhian.id}/assessments/replay`, { baseline });
    return dee.put(`/team/clients/${rhian.id}/baseline`, { ...baseline, id: uuidv7(), agreed_how: 'on_phone', words: 'From the weeks at the allotment.', seen });
  };
  const first = await suggest();
  await hers.post(`/me/baseline/${first.id}/answer`, { id: uuidv7(), answer: 'not_my_usual', words: 'That was a bad month.' });
  await desk.go(`#/clients/${rhian.id}/usual`);
  await desk.heading(/that this is not their usual$/);
  await desk.unfold('Not their usual, suggested by');
  await look(desk, 'client-usual-declined');
  await suggest();
  await desk.heading('Waiting for Rhian');
  await look(desk, 'client-usual');

  await desk.go(`#/clients/${rhian.id}/warnings`);
  await desk.page.getByRole('radio', { name: /^Sooner/ }).check();
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await desk.press('Save the change');
  await desk.sees('Say why. Whoever comes after you will ask.');
  await look(desk, 'client-warnings-change');
  await desk.page.getByLabel('Why').fill('Two weeks were too late the last time.');
  await desk.press('Save the change');
  await desk.sees('Sooner, silence counts');
  await desk.page.getByLabel('The day it was noticed').fill(new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date()));
  await desk.page.getByLabel('What happened').fill('Her sister rang.');
  await desk.press('Write it down');
  await desk.sees('Written down.');
  await look(desk, 'client-warnings');
  await desk.go(`#/clients/${ali.id}/warnings`);
  await desk.sees('Ali has turned this off on the phone. It stays off, whatever is chosen here.');
  await desk.press('Write it down');
  await desk.sees('Give a day within the last year.');
  await look(desk, 'client-warnings-off');

  await dee.post(`/team/flags/${silence.id}/resolve`, { outcome: 'talked_and_fine' });
  await desk.go('#/figures');
  await desk.sees('so far');
  await look(desk, 'figures');
}

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
  const ali = await world.client('Ali', [dee]);
  await world.quiet(ali, dee);
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

  const flag = (await dee.get('/team/flags')).items.find((one) => one.client.id === rhian.id);
  await desk.go(`#/flags/${flag.id}`);
  await desk.sees('The answers behind it', { within: desk.detail });
  for (const step of ['Add a note', 'What came of it']) await desk.unfold(step);
  await look(desk, 'flag');

  await desk.go('#/clients');
  await desk.sees('Mo Example');
  await look(desk, 'clients');
  await desk.clientPage(rhian);
  await desk.page.locator('svg[role=img]').first().waitFor();
  await look(desk, 'client');
  await desk.wholePage(sam);
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
  await earlyWarning(world, { dee, rhian, ali, mo: fresh, desk }, look);
  const admin = { workers: 'Tom Wilk', services: 'Out and About', organisation: 'Brand colour', 'crisis-lines': 'Samaritans', audit: 'Looked at the inbox' };
  for (const [page, words] of Object.entries(admin)) {
    await desk.go(`#/admin/${page}`);
    await desk.sees(words);
    await look(desk, `admin-${page}`);
  }
}

story('screens: the team’s app at a desk, and in the dark', async (world) => {
  const dark = ['inbox', 'request-taken', 'flag', 'flag-silence', 'client', 'client-usual-seen', 'client-usual', 'client-warnings-change', 'figures', 'admin-organisation'];
  await everyScreen(world, DESK, async (desk, name) => {
    await desk.passes(`team-${name}`);
    if (dark.includes(name)) await desk.inTheDark(() => desk.passes(`team-${name}-dark`));
  });
});

story('screens: the team’s app on a small phone', async (world) => {
  await everyScreen(world, PHONE, (desk, name) => desk.passes(`team-${name}-phone`));
});

storyInSoak('screens: the team’s app with text twice as large', async (world) => {
  const few = ['inbox', 'request', 'client', 'client-usual-wrong', 'client-usual-seen', 'client-warnings-change', 'figures'];
  await everyScreen(world, { ...PHONE, largeText: true }, (desk, name) => (few.includes(name) ? desk.passes(`team-${name}-large`) : desk.noSidewaysScroll(name)));
});
