import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('a drift: the engine raises one flag, and worker and client read the same sentence', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);

  const desk = await world.deskOf(dee);
  const row = desk.group('Today').locator('li').filter({ hasText: 'Rhian Example' });
  await row.waitFor();
  const sentence = await row.locator('.sentence').innerText();
  assert.match(sentence, /from your usual 5 to .* on each of your last \d check-ins, since /);
  for (const sign of ['anxiety', 'sleep', 'mood']) assert.ok(sentence.toLowerCase().includes(sign), `${sign} in "${sentence}"`);

  // The client reads it word for word, and that nobody has said yet that they saw it.
  const phone = await world.phoneOf(rhian);
  await phone.sees('A change from your usual');
  await phone.fromToday('See what and why');
  await phone.heading('A change from your usual');
  assert.equal(await phone.page.locator('blockquote').innerText(), sentence);
  await phone.sees(/Nobody has said that they saw this yet/);

  // The worker opens it, sees the answers behind it, and takes it.
  await row.getByRole('link', { name: /Rhian Example/ }).click();
  await desk.sees('The client sees this same sentence.', { within: desk.detail });
  assert.equal(await desk.detail.locator('.sentence').innerText(), sentence);
  await desk.detail.getByRole('row', { name: /anxiety 1 to 3 6 \d of the last \d check-ins/ }).waitFor();
  await desk.press('I’ll look at this', desk.detail);
  await desk.sees('You have this', { within: desk.detail });

  await phone.open();
  await phone.page.getByRole('link', { name: 'See what and why' }).click();
  await phone.sees(/Seen by Dee today at \d\d:\d\d\./);
  await phone.press('Save my answer');
  await phone.sees('Choose one of the three first.');
  await phone.page.getByLabel('Yes, please talk to me').check();
  await phone.page.getByLabel('A few words, if you want').fill('It has been a long fortnight.');
  await phone.press('Save my answer');
  await phone.sees('Harbour Support has your answer: “Yes, please talk to me”. You can change it.');

  // The answer comes to the top of the desk, live, and closes nothing by itself.
  await desk.sees('It has been a long fortnight.', { within: desk.detail });
  await desk.sees('Rhian Example', { within: desk.group('Needs a person now') });

  const note = await desk.unfold('Add a note');
  await note.getByLabel('Note').fill('Rang; she is sleeping at her sister’s this week.');
  await desk.press('Add the note', note);
  await desk.sees('Rang; she is sleeping at her sister’s this week.', { within: desk.detail });

  const close = await desk.unfold('What came of it');
  await desk.press('Close the flag', close);
  await desk.sees('Choose what came of it.', { within: close });
  await close.getByLabel('We changed the support').check();
  await close.getByLabel(/A few words/).fill('Two short visits a day until Friday.');
  await desk.press('Close the flag', close);
  await desk.sees(/Closed .*: We changed the support/, { within: desk.detail });

  await phone.open();
  await phone.gone('A change from your usual');

  // Her page tells the whole of it.
  await desk.clientPage(rhian);
  await desk.sees(/have been away from your usual since/);
  const curves = desk.page.locator('main svg[role=img]');
  await curves.nth(4).waitFor();
  assert.equal(await curves.count(), 5);
});
