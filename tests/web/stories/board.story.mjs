// The live board of a service: what is open, as it happens; how soon people were reached; and the history as a file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DESK, PHONE } from '../lib/browser.mjs';
import { story, storyInSoak } from '../lib/story.mjs';

story('board: a request appears as it happens, is taken, and stands in a file with no name and no word of the client', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee, world.lead]);
  const desk = await world.deskOf(world.lead);
  await desk.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Board' }).click();
  await desk.heading('Board');
  await desk.sees(/^Live\./);
  await desk.sees('Nothing is open.');
  await desk.sees('Nobody asked for contact in the last 30 days.');

  const phone = await world.phoneOf(rhian);
  await phone.askForContact({ words: '=HYPERLINK("https://evil.example") I can’t settle' });
  await phone.rung('Reached Harbour Support');
  await desk.sees('Rhian Example');
  await desk.sees('Nobody has it yet');
  await desk.sees('1 request');
  await desk.passes('board-open');
  const [request] = (await dee.get('/team/contact-requests')).items;
  const by = new Date(Date.now() + 3_600_000);
  await dee.post(`/team/contact-requests/${request.id}/acknowledge`, { promise: { what: 'call', by: by.toISOString() } });
  await desk.sees('Dee has it');
  await desk.sees(/^Promised: call before \d\d:\d\d\.$/);

  await desk.unfold('History as a file');
  const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.press('Save as CSV')]);
  await desk.sees(/^Saved as out-and-about-.*\.csv\.$/);
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text.split(/\r?\n/)[1] ?? '', new RegExp(request.id));
  assert.doesNotMatch(text, /Rhian|HYPERLINK|settle/);

  await dee.post(`/team/contact-requests/${request.id}/complete`, {});
  await desk.sees('Nothing is open.');

  // Whoever leads no team has the board and not the file, and only their own people on it.
  const tom = await world.worker('Tom', 'Wilk');
  const his = await world.deskOf(tom);
  await his.go('#/board');
  await his.sees('Nothing is open.');
  assert.equal(await his.page.getByText('History as a file').count(), 0);
  await his.page.getByRole('link', { name: 'Rota' }).click();
  await his.heading('Rota: Out and About');
});

story('board: a page that can’t be fetched says so, and is there once it can be', async (world) => {
  const desk = await world.deskOf(world.lead);
  desk.context.expect(/ERR_FAILED|dynamically imported|Failed to load/);
  await desk.page.route(/assets\/Board.*\.js/, (route) => route.abort());
  await desk.page.getByRole('link', { name: 'Board' }).click();
  await desk.sees(/^We can’t reach the server\./);
  await desk.page.unroute(/assets\/Board.*\.js/);
  await desk.press('Try again');
  await desk.heading('Board');
});

async function screens(world, screen, look) {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee, world.lead]);
  const sam = await world.client('Sam', [dee, world.lead]);
  for (const client of [rhian, sam]) {
    const phone = await world.phoneOf(client);
    await phone.askForContact();
    await phone.rung('Reached Harbour Support');
  }
  const [first] = (await dee.get('/team/contact-requests')).items;
  await dee.post(`/team/contact-requests/${first.id}/acknowledge`, { promise: { what: 'visit', by: new Date(Date.now() + 3_600_000).toISOString() } });
  const desk = await world.emptyDesk(screen);
  if (!screen.largeText) await desk.open();
  await desk.signIn(world.lead);
  await desk.go('#/board');
  await desk.sees('Nobody has it yet');
  await desk.unfold('History as a file');
  await look(desk, 'board');
  if (screen.viewport.width < 600) {
    await desk.press('More');
    await look(desk, 'header-more');
  }
}

const looks = {
  'at a desk': [DESK, (desk, name) => desk.passes(`desk-${name}`)],
  'on a small phone, and in the dark': [PHONE, async (desk, name) => {
    await desk.passes(`small-${name}`);
    await desk.inTheDark(() => desk.passes(`dark-${name}`));
  }],
  'with text twice as large': [{ ...PHONE, largeText: true }, (desk, name) => desk.passes(`large-${name}`)],
};
for (const [how, [screen, look]] of Object.entries(looks)) (how.startsWith('with') ? storyInSoak : story)(`screens: the board, ${how}`, (world) => screens(world, screen, look));
