import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';
import { SOURCES, text } from '../lib/text.mjs';

story('library: written with a fault, told the line, put right, looked at, published, and on the phone', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  const cai = await world.worker('Cai', 'Bowen', ['recovery_coach']);
  const desk = await world.deskOf(cai);
  desk.context.expect(/status of 422/);
  const field = (label) => desk.page.getByLabel(label, { exact: true });
  await desk.page.getByRole('link', { name: 'Library' }).click();
  await desk.page.getByRole('link', { name: 'Write a new one' }).click();
  await desk.heading('A new piece');
  await field('Title').fill('A flask for the night');
  await desk.page.getByLabel('Summary').fill('Something warm when the kettle is too far.');
  await desk.page.getByLabel('The words').fill('## In the next five minutes\n\nFill a flask.\n\nPut it <b>by</b> the bed.');
  await desk.sees('2 things to put right before it can be saved');
  // From the fault to its place: the line is chosen in the words.
  await desk.page.getByRole('button', { name: /At “Put it <b>by<\/b> the bed\.”: HTML is not used here/ }).first().click();
  assert.equal(await desk.page.evaluate(() => document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)), 'Put it <b>by</b> the bed.');
  await desk.press('Save the draft');
  await desk.sees('Not saved yet.');
  assert.equal((await cai.get('/team/resources')).items.filter((one) => one.title === 'A flask for the night').length, 0, 'nothing with a fault is kept');
  // In the file it is told by its number.
  await desk.press('Show as file');
  const file = desk.page.getByLabel(/^The file: front matter/);
  const line = (await file.inputValue()).split('\n').indexOf('Put it <b>by</b> the bed.') + 1;
  await desk.page.getByRole('button', { name: new RegExp(`^Line ${line}: HTML is not used here`) }).first().click();
  await desk.press('As a form');

  await desk.page.getByLabel('The words').fill('## In the next five minutes\n\nFill a flask.\n\nPut it by the bed.');
  await desk.sees('Put it by the bed.', { within: desk.preview });
  await desk.gone('to put right before it can be saved');
  await desk.page.getByRole('checkbox', { name: 'Sleep', exact: true }).first().check();
  for (const [n, source] of SOURCES.entries()) {
    await desk.press('Add a source');
    const one = desk.page.getByRole('group', { name: `Source ${n + 1}` });
    await one.getByLabel('Name of the page').fill(source.title);
    await one.getByLabel('Who publishes it').fill(source.publisher);
    await one.getByLabel('Address').fill(source.url);
  }
  await desk.press('Save the draft');
  await desk.heading('Change “A flask for the night”');
  await desk.page.getByRole('link', { name: 'Read it as a whole, and publish' }).click();
  await desk.sees('A team lead or an admin publishes it.');
  await phone.aMinuteLater();
  assert.equal(await phone.page.getByText('A flask for the night').count(), 0, 'a draft is nobody’s to read');

  const lead = await world.deskOf(world.lead);
  await lead.openPiece('A flask for the night');
  await lead.sees('Clients see nothing of this yet.');
  await lead.press('Publish');
  await lead.sees('Clients can find it in their pack the next time their phone has signal.');
  await lead.agree('Publish');
  await lead.sees('Published. Phones get it the next time they have signal.');

  await phone.aMinuteLater();
  await phone.finds('flask', 'A flask for the night');
  await phone.read('A flask for the night');
  await phone.sees('Put it by the bed.');
  await phone.sees('Sleep problems, NHS');
});

story('library: a picture goes with its words, to the phone and into its store', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const piece = await world.publish(text({ title: 'A warm drink', body: 'Put the kettle on.' }));
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.keptOnPhone();
  const photo = { name: 'mug.png', mimeType: 'image/png', buffer: await phone.page.screenshot() };

  const desk = await world.deskOf(world.lead);
  await desk.openPiece('A warm drink');
  await desk.page.getByRole('link', { name: 'Change the text' }).click();
  await desk.page.getByLabel('The words').focus();
  await desk.page.keyboard.press('Control+End');
  await desk.press('Picture');
  const dialog = desk.page.getByRole('dialog');
  await dialog.getByLabel('Choose a picture').setInputFiles(photo);
  await desk.sees(/\d+ by \d+, \d+ kB/, { within: dialog });
  await desk.press('Add the picture', dialog);
  await desk.sees('Say in a few words what it shows.', { within: dialog });
  await dialog.getByLabel('What does it show?').fill('A mug on the kitchen table');
  await desk.press('Add the picture', dialog);
  await desk.preview.getByRole('img', { name: 'A mug on the kitchen table' }).waitFor();
  await desk.press('Save the draft');
  await desk.sees('Saved as a draft. What clients see has not changed.');
  await desk.page.getByRole('link', { name: 'Read it as a whole, and publish' }).click();
  await desk.press('Publish');
  await desk.agree('Publish');
  await desk.sees('Published. Phones get it the next time they have signal.');

  await phone.aMinuteLater();
  await phone.picturesKept(1);
  await phone.loseSignal();
  await phone.readNamed(piece.slug);
  await phone.page.reload();
  const image = phone.page.getByRole('img', { name: 'A mug on the kitchen table' });
  await image.waitFor();
  assert.ok(await image.evaluate((one) => one.decode().then(() => one.naturalWidth > 100)));
});

story('library: two write at once, and nobody’s words are lost', async (world) => {
  const piece = await world.publish(text({ title: 'A warm drink', body: 'Put the kettle on.' }));
  const cai = await world.worker('Cai', 'Bowen', ['recovery_coach']);
  const [one, two] = [await world.deskOf(world.lead), await world.deskOf(cai)];
  two.context.expect(/status of 409/);
  for (const desk of [one, two]) {
    await desk.go(`#/library/${piece.id}/en/edit`);
    await desk.heading('Change “A warm drink”');
  }
  const words = (desk) => desk.page.getByLabel('The words');
  await words(one).fill('Cocoa, says Pat.');
  await words(two).fill('Tea, says Cai.');
  await one.press('Save the draft');
  await one.sees('Saved as a draft. What clients see has not changed.');
  await two.press('Save the draft');
  await two.heading('Somebody saved this while you were writing');
  await two.sees(/Pat saved a draft .*\. Your words are still here and have not been saved\./);
  assert.equal(await words(two).inputValue(), 'Tea, says Cai.');
  await (await two.unfold('See what is different')).getByText('Cocoa, says Pat.').waitFor();

  // Theirs is taken, and one's own comes back when asked for; also after the tab was loaded anew.
  await two.press('Take theirs, put mine aside');
  await two.page.waitForFunction(() => document.querySelector('textarea[data-words]').value.includes('Cocoa'));
  await two.page.reload();
  await two.sees('Your own words are put aside in this tab.');
  await two.press('Bring mine back');
  assert.match(await words(two).inputValue(), /^Tea, says Cai\.\s*$/);
  await two.press('Save the draft');
  await two.sees('Saved as a draft. What clients see has not changed.');
  const { texts } = await world.piece(piece.slug);
  assert.match(texts.find((text) => text.state === 'draft').markdown, /Tea, says Cai\./);

  // Leaving in the middle of a sentence is asked about, and the words wait.
  await words(two).fill('Tea, says Cai. And a biscuit.');
  await two.page.getByRole('link', { name: 'Inbox' }).click();
  await two.heading('Leave without saving?');
  await two.agree('Leave');
  await two.heading('Inbox');
  await two.go(`#/library/${piece.id}/en/edit`);
  await two.sees(/These are the words you had not saved/);
  assert.equal((await words(two).inputValue()).trim(), 'Tea, says Cai. And a biscuit.');
});

story('library: a support worker reads all of it and writes none of it', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const desk = await world.deskOf(dee);
  desk.context.expect(/status of 403/);
  await desk.openPiece('Anger');
  await desk.sees('In the next five minutes', { within: desk.preview });
  await desk.sees('A team lead or an admin can sign it.');
  for (const name of ['Change the text', 'Go on writing', 'Write a new one', 'What is read']) assert.equal(await desk.page.getByRole('link', { name }).count(), 0, name);
  for (const name of [/^Sign as/, 'Publish', 'Take it out']) assert.equal(await desk.page.getByRole('button', { name }).count(), 0, String(name));
  const { id } = await world.piece('anger');
  await desk.go(`#/library/${id}/en/edit`);
  await desk.heading('Anger');
  assert.equal(await desk.page.getByRole('textbox').count(), 0);
  await desk.go('#/library/new');
  await desk.sees('Recovery coaches, peer navigators, team leads and admins write for the library.');
  await desk.go('#/library/figures');
  await desk.sees('Team leads and admins see these numbers.');
  for (const refused of [
    () => dee.post('/team/resources', { edition: 'en', markdown: text({ title: 'Mine', body: 'Words.' }) }),
    () => dee.put(`/team/resources/${id}/drafts/en`, { markdown: text({ title: 'Anger', body: 'Words.' }), based_on: null }),
    () => dee.post(`/team/resources/${id}/retire`, { withdraw: true }),
    () => dee.get('/team/resources/figures'),
  ]) {
    await assert.rejects(refused, /: 403 /);
  }
});
